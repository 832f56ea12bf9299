import type { CaffeLayer, Net, NetInput } from './net.ts';

/** A net as it runs on pictures: inputs in place of data layers, nothing of training. */
export interface RunnableNet {
  /** Only those that something takes. */
  readonly inputs: readonly NetInput[];
  readonly layers: readonly CaffeLayer[];
  /** Layers that read data, whose first top is an input. */
  readonly data: readonly CaffeLayer[];
}

/** Layers without a part in what the network computes. */
const DROPPED: ReadonlySet<string> = new Set(['Accuracy', 'Silence', 'HDF5Output']);

/** Losses that apply a function of their own to what they compare. */
const SCORES: Readonly<Record<string, string>> = {
  SoftmaxWithLoss: 'Softmax',
  SigmoidCrossEntropyLoss: 'Sigmoid',
};

const DATA: ReadonlySet<string> = new Set(
  'Data ImageData HDF5Data MemoryData WindowData DummyData AnnotatedData VideoData'.split(' '),
);

/** The test phase of a net, without losses: `SoftmaxWithLoss` becomes the `Softmax` in it. */
export function runnable(net: Net, shapeOf: (data: CaffeLayer, top: number) => readonly number[]): RunnableNet {
  const tested = net.layers.filter(inTestPhase);
  const kept = tested.flatMap(withoutLoss);
  const declared: NetInput[] = [...net.inputs];
  const data: CaffeLayer[] = [];
  const layers: CaffeLayer[] = [];
  for (const layer of kept) {
    if (layer.type === 'Input') {
      const shapes = layer.settings.message('input_param').messages('shape');
      layer.tops.forEach((name, i) => declared.push({ name, shape: (shapes[i] ?? shapes[0])?.numbers('dim') ?? [] }));
    } else if (DATA.has(layer.type)) {
      data.push(layer);
      layer.tops.forEach((name, i) => declared.push({ name, shape: shapeOf(layer, i) }));
    } else layers.push(layer);
  }
  const taken = new Set(layers.flatMap(({ bottoms }) => bottoms));
  return { inputs: declared.filter(({ name }) => taken.has(name)), layers, data };
}

function withoutLoss(layer: CaffeLayer): CaffeLayer[] {
  if (DROPPED.has(layer.type)) return [];
  const type = Object.hasOwn(SCORES, layer.type) ? SCORES[layer.type] : undefined;
  if (type) return [{ ...layer, type, bottoms: layer.bottoms.slice(0, 1), tops: [layer.name] }];
  return layer.type.endsWith('Loss') ? [] : [layer];
}

/** Whether a net at phase TEST, level 0, no stages has the layer (Caffe, `Net::FilterNet`). */
export function inTestPhase({ settings }: CaffeLayer): boolean {
  const include = settings.messages('include');
  if (include.length > 0) return include.some(meets);
  return !settings.messages('exclude').some(meets);
}

const meets = (rule: CaffeLayer['settings']): boolean =>
  rule.text('phase', 'TEST') === 'TEST' &&
  rule.number('min_level', 0) <= 0 &&
  rule.number('max_level', 0) >= 0 &&
  !rule.has('stage');
