import { cancelledError } from '../errors.ts';
import { float32 } from '../graph/tensor.ts';
import { Ascent } from '../optimization/ascent.ts';
import { random } from '../optimization/random.ts';
import { Viewer } from '../optimization/viewer.ts';
import { drawnAll, drawnNotes } from '../stimuli/draw.ts';
import { pictureOf } from '../stimuli/frame.ts';
import { historyOf } from '../stimuli/history.ts';
import { lookAt } from '../stimuli/look.ts';
import { Pace } from '../stimuli/pace.ts';
import { photoFrame, photoIn, photoSize } from '../stimuli/photo-frame.ts';
import { programs } from '../stimuli/programs.ts';
import { startFrom } from '../stimuli/starts.ts';
import { styleLayers } from '../stimuli/style-layers.ts';
import { styleGoal } from '../stimuli/style-losses.ts';
import { styleNoise, styleWay, wayParameters } from '../stimuli/style-way.ts';
import { layerNames, namesIn, oneOf, real } from './parameters.ts';
import { tile } from './tiles.ts';
import { visualizer } from './visualizer.ts';

/** Milliseconds between pictures on the way. */
const BETWEEN_PICTURES = 600;
/**
 * argmin ‖φ(x) − φ(content)‖² + weight · Σ ‖G_l(x) − G_l(style)‖² + λ TV(x), each relative to the size of what it is compared with; φ: the
 * layer nearest to three quarters of the depth, or the one that is named; G: Gram matrices of five layers up to there, or those named.
 * Arrays: `image`, 1×C×H×W in the model's input units. Metrics: `content`, `style` (the two losses) at the start and at the end, `objective`
 * (−loss with all penalties, of the last step), `activation` (−(content + weight · style) of the picture as it is), `steps`.
 */
export const style = visualizer({
  id: 'style',
  title: 'Style',
  description:
    'A picture with what is in one image, painted as another one is: content and style as the network tells them apart.',
  source: 'Gatys, Ecker & Bethge 2016, Image Style Transfer Using Convolutional Neural Networks, §2',
  question: 'Preferred stimuli',
  needs: ['image', 'style', 'layer?'],
  params: {
    ...wayParameters,
    size: photoSize,
    weight: real({
      default: 0.6,
      min: 0,
      max: 1e6,
      label: 'Weight of the style',
      help: 'How much the style counts beside the content.',
    }),
    layers: layerNames('What tells the style. None: five layers up to the content’s.', 'Layers of the style'),
    start: oneOf(
      ['noise', 'content', 'style', 'zero', 'mean'],
      'Where it begins: noise, one of the images, an even grey (zero in what is optimised), the mean colour.',
      'Begins with',
    ),
  },
  // From noise much of the photo's colour is made up anew; from the photo the same objective is reached sooner, and it stays sharp.
  presets: [
    { name: 'sharp', first: true, params: { start: 'content', parametrisation: 'pixels', steps: 200 } },
    { name: 'bold', params: { start: 'content', parametrisation: 'pixels', steps: 200, weight: 4 } },
  ],
  async *run(context) {
    const { session, params, image, signal, seed } = context;
    const { input } = image;
    // A layer need not be named.
    const named = context.layer as typeof context.layer | undefined;
    const layers = styleLayers(session, named, namesIn(params.layers));
    const tensors = [layers.content, ...layers.style].map(({ output }) => output);
    const frame = await photoFrame(context, tensors, params.size);
    const [content, painted] = await Promise.all([image, context.style].map((one) => photoIn(context, one, frame)));
    const goal = await styleGoal(session, {
      input,
      size: frame.size,
      layers,
      weight: params.weight,
      content: content!,
      style: painted!,
    });
    const way = styleWay(params, frame);
    const own = random(seed);
    const begin = (start: (typeof params)['start']) => {
      if (start === 'noise') return styleNoise(way, params.parametrisation, own);
      if (start === 'zero' || start === 'mean') return startFrom(start, way.parametrisation, frame);
      return way.parametrisation.of(pictureOf(session, start === 'content' ? content! : painted!, frame));
    };
    const ascent = new Ascent({
      ways: [way],
      viewer: new Viewer(frame.channels, frame.size, frame.size),
      preprocessing: session.description.input,
      starts: [begin(params.start)],
      randoms: [own],
    });
    const pace = new Pace(BETWEEN_PICTURES);
    let steps = 0;
    // The last look comes after the last step.
    const total = params.steps + 1;
    let objective = NaN;
    /** Of both images, by step. */
    const fallen: number[] = [];
    const run = programs(session);
    await ascent.paint(run);
    const first = await goal.losses(ascent.inputs());
    const look = { objective: goal.objective, input, size: frame.size, feeds: goal.feeds };
    const result = (metrics: Record<string, number[]>) => {
      const values = ascent.inputs();
      return {
        kind: 'images' as const,
        title: `${image.name} in the style of ${context.style.name}`,
        tiles: [tile(0, `${params.weight} × style`, values, 0, values.length)],
        ...drawnAll([ascent.pictures], frame),
        arrays: { image: float32(values, [1, frame.channels, ...frame.size]) },
        metrics: { ...metrics, objective: [objective], steps },
        history: historyOf('loss', [fallen]),
        notes: [
          `Content: ${layers.content.name}. Style: ${layers.style.map(({ name }) => name).join(', ')}.`,
          ...drawnNotes(frame),
        ],
      };
    };
    while (steps < params.steps && !signal.aborted) {
      ascent.look();
      const { values, gradient } = await lookAt(session, { ...look, pictures: ascent.seen });
      [objective = NaN] = await ascent.climb(gradient, values, run);
      fallen.push(-values[0]!);
      await ascent.paint(run);
      steps++;
      const now = pace.picture(() => result({}));
      yield { done: steps, total, ...(now && { result: now }) };
    }
    if (steps === 0) throw cancelledError();
    const last = await goal.losses(ascent.inputs());
    const losses = {
      content: [first.content, last.content],
      style: [first.style, last.style],
      activation: [-(last.content + params.weight * last.style)],
    };
    yield { done: steps === params.steps ? total : steps, total, result: result(losses) };
  },
});
