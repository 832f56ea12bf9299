import { labelOf } from '../classes.ts';
import { usageError } from '../errors.ts';
import type { Tile } from '../results.ts';
import { showShape } from '../graph/shapes.ts';
import { scoreTensor } from '../scores.ts';
import { deadNotes, isRectified, silentChannels } from './dead.ts';
import { fetchTensor } from './layer-output.ts';
import { oneOf } from './parameters.ts';
import { tile } from './tiles.ts';
import { visualizer } from './visualizer.ts';

/**
 * A layer's output for an image: one map per channel, one value per unit of a dense layer. Channels that answer nowhere, in any
 * of the images, are marked (`silentChannels`).
 * Arrays: `activation`, N×C×H×W (N×C for dense layers): of all channels, whichever are drawn.
 */
export const activations = visualizer({
  id: 'activations',
  title: 'Activations',
  description: 'What a layer answers to the image: where each of its channels finds what it looks for.',
  source: 'Yosinski, Clune, Nguyen, Fuchs & Lipson 2015, Understanding Neural Networks Through Deep Visualization, §2',
  needs: ['layer', 'unit?', 'image'],
  showsValues: true,
  params: {
    stage: oneOf(
      ['output', 'before', 'after'],
      "The layer's own output, or that before or after the activation function (its own, or the one that follows it).",
      'Activation function',
    ),
  },
  async *run({ session, layer, units, image, params, signal, output }) {
    const name = layer[params.stage];
    const activation = await fetchTensor(session, name, image.feeds, `Layer '${layer.name}'`, signal);
    const [, channels, height = 1, width = 1, ...more] = activation.shape as readonly [
      number,
      number,
      number?,
      number?,
    ];
    if (channels === undefined || more.length > 0)
      throw usageError(`The output of '${layer.name}' is ${showShape(activation.shape)}, which is not shown as maps.`);
    const isClasses = [output, scoreTensor(session.model, output)].includes(name);
    const shown = units?.map(({ channel }) => channel) ?? Array.from({ length: channels }, (_, i) => i);
    const area = height * width;
    const values = new Float32Array(shown.length * area);
    const silent = silentChannels(activation, name !== layer.after && isRectified(session.model, layer));
    const tiles = shown.map((unit, n): Tile => {
      values.set(activation.data.subarray(unit * area, (unit + 1) * area), n * area);
      const label = isClasses ? labelOf(session.description.labels, unit) : String(unit);
      const one = tile(unit, label, values, n * area, area);
      return silent[unit] ? { ...one, dead: 'silent' } : one;
    });
    const place = units?.[0]?.position;
    const value = place && activation.data[units[0]!.channel * area + place.y * width + place.x]!;
    const dead = tiles.map((one) => one.dead);
    yield {
      done: 1,
      total: 1,
      result: {
        kind: 'mosaic',
        title: `Activations of ${layer.name}`,
        tiles,
        width,
        height,
        values,
        signed: tiles.some(({ min }) => min < 0),
        ...(image.picture && { image: image.picture }),
        arrays: { activation },
        metrics: {
          min: Math.min(...tiles.map(({ min }) => min)),
          max: Math.max(...tiles.map(({ max }) => max)),
          silent: dead.filter(Boolean).length,
          ...(value !== undefined && { value }),
        },
        notes: deadNotes(dead, 'channels'),
      },
    };
  },
});
