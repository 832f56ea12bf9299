import type { FormatId, Preprocessing } from './model.ts';
import type { Shape } from './graph/graph.ts';

export type PresetId = '0-1' | 'minus1-1' | '0-255' | 'imagenet-torch' | 'imagenet-caffe' | 'grey-0-1' | 'grey-0-255';

/** A usual way to prepare pictures. */
export interface Preset {
  readonly id: PresetId;
  readonly title: string;
  readonly input: Preprocessing;
}

type Values = Omit<Preprocessing, 'resize' | 'channels'>;
/** Photos keep their proportions: networks are tested on the centre square. */
const colours = (id: PresetId, title: string, values: Values, channels: 'RGB' | 'BGR' = 'RGB'): Preset => ({
  id,
  title,
  input: { channels, ...values, resize: 'crop' },
});
const grey = (id: PresetId, title: string, scale: number): Preset => ({
  id,
  title,
  input: { channels: 'grey', scale, mean: [0], std: [1], resize: 'squash' },
});

const plain = { mean: [0, 0, 0], std: [1, 1, 1] };

/** The usual ways to prepare pictures, to pick from; for an input of one channel those that are `grey`. */
export const PRESETS: readonly Preset[] = [
  colours('0-1', '0 to 1', { scale: 1 / 255, ...plain }),
  colours('minus1-1', '−1 to 1', { scale: 1 / 127.5, mean: [1, 1, 1], std: [1, 1, 1] }),
  colours('0-255', '0 to 255', { scale: 1, ...plain }),
  colours('imagenet-torch', 'ImageNet torch', {
    scale: 1 / 255,
    mean: [0.485, 0.456, 0.406],
    std: [0.229, 0.224, 0.225],
  }),
  colours('imagenet-caffe', 'ImageNet caffe', { scale: 1, mean: [104, 117, 123], std: [1, 1, 1] }, 'BGR'),
  grey('grey-0-1', '0 to 1', 1 / 255),
  grey('grey-0-255', '0 to 255', 1),
];

export const preset = (id: PresetId): Preset => PRESETS.find((candidate) => candidate.id === id)!;

/** The largest input that is taken for one of a data set of small pictures (CIFAR, Tiny ImageNet). */
const SMALL = 96;

/** What an input of this shape (N×C×H×W) most likely takes: the habits of data sets and frameworks. */
export function guessPreset(shape: Shape, format: FormatId): Preset {
  const [, channels, height, width] = shape;
  if (channels !== 3 || !height || !width) return preset('grey-0-1');
  if (format === 'caffe' || (height === 227 && width === 227)) return preset('imagenet-caffe');
  if (Math.max(height, width) <= SMALL) return preset('0-1');
  return preset(format === 'onnx' || format === 'pytorch' ? 'imagenet-torch' : 'minus1-1');
}
