import type { Feeds } from '../engines/engine.ts';
import { byFixedBatches } from '../fixed-batch.ts';
import type { Graph } from '../graph/graph.ts';
import { prune, withInputSize } from '../graph/passes.ts';
import { float32, type Tensor } from '../graph/tensor.ts';
import type { ModelInput } from '../model.ts';
import { gramNearness, gramOf, gramProgram } from '../optimization/gram.ts';
import { nearness, plus, times, type Objective } from '../optimization/objectives.ts';
import type { Size } from '../optimization/picture-size.ts';
import { VALUE, valueProgram } from '../optimization/program.ts';
import type { Session } from '../session.ts';
import type { StyleLayers } from './style-layers.ts';

/** What is near to the content of one image and to the style of another. Gatys, Ecker & Bethge 2016, §2. */
export interface StyleGoal {
  /** −(content loss + weight · style loss); each loss is relative: 0 where it is reached, 1 for a layer that is all zero. */
  readonly objective: Objective;
  readonly feeds: Feeds;
  /** Both losses of a picture in the network's units, 1×C×h×w. */
  losses(picture: Float32Array): Promise<{ readonly content: number; readonly style: number }>;
}

interface Asked {
  readonly input: ModelInput;
  readonly size: Size;
  readonly layers: StyleLayers;
  /** How much the style counts. */
  readonly weight: number;
  /** In the network's units, 1×C×h×w. */
  readonly content: Tensor<'float32'>;
  readonly style: Tensor<'float32'>;
}

export async function styleGoal(
  session: Session,
  { input, size, layers, weight, content, style }: Asked,
): Promise<StyleGoal> {
  const graph = withInputSize(session.model.graph, input.name, ...size);
  const of = layers.content.output;
  const run = (key: string, program: () => Graph, given: Feeds) =>
    byFixedBatches(input, 1, given, (some) => session.run(key, program, some));
  const features = await run(`features(${of},${size})`, () => prune(graph, [of]), { [input.name]: content });
  const target = features[of] as Tensor<'float32'>;
  const tensors = [...new Set(layers.style.map(({ output }) => output))];
  const grams = await run(`grams(${tensors},${size})`, () => gramProgram(graph, tensors), { [input.name]: style });
  const feeds: Record<string, Tensor> = { content: target, 'content/scale': relative(target) };
  const parts = layers.style.map(({ output }, i): Objective => {
    const gram = grams[gramOf(output)] as Tensor<'float32'>;
    feeds[`style/${i}`] = gram;
    feeds[`style/${i}/scale`] = relative(gram, layers.style.length);
    return gramNearness(output, `style/${i}`, `style/${i}/scale`);
  });
  const ofContent = nearness(layers.content.output, 'content', 'content/scale');
  const ofStyle = parts.reduce(plus);
  const loss = async (objective: Objective, given: Feeds) => {
    const found = await run(`value(${objective.key},${size})`, () => valueProgram(graph, objective), given);
    return -Number(found[VALUE]!.data[0]);
  };
  return {
    objective: plus(ofContent, times(weight, ofStyle)),
    feeds,
    async losses(picture) {
      const image = { [input.name]: float32(picture, content.shape) };
      const part = (starts: string) =>
        Object.fromEntries(Object.entries(feeds).filter(([name]) => name.startsWith(starts)));
      return {
        content: await loss(ofContent, { ...image, ...part('content') }),
        style: await loss(ofStyle, { ...image, ...part('style') }),
      };
    },
  };
}

/** 1 / ‖t‖², shared among so many. */
function relative({ data }: Tensor<'float32'>, among = 1): Tensor<'float32'> {
  const square = data.reduce((sum, value) => sum + value * value, 0);
  return float32(Float32Array.of(1 / ((square || 1) * among)), [1]);
}
