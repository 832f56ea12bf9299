import type { CaffeLayer, Net, NetInput } from './net.ts';

/** A net as it runs on pictures: inputs in place of data layers, nothing of training. */
export interface RunnableNet {
  /** Only those that something takes. */
  readonly inputs: readonly NetInput[];
  readonly layers: readonly CaffeLayer[];
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
  const inputs: NetInput[] = [...net.inputs];
  const layers: CaffeLayer[] = [];
  const tested = net.layers.filter(inTestPhase);
  const softmaxes = new Set(tested.filter(({ type }) => type === 'Softmax').flatMap(({ bottoms }) => bottoms));
  for (const layer of [...trainingData(net, tested), ...tested]) {
    const shapes = layer.settings.message('input_param').messages('shape');
    if (layer.type === 'Input')
      layer.tops.forEach((name, i) => inputs.push({ name, shape: (shapes[i] ?? shapes[0])?.numbers('dim') ?? [] }));
    else if (isData(layer)) layer.tops.forEach((name, i) => inputs.push({ name, shape: shapeOf(layer, i) }));
    else if (layer.type.endsWith('Loss') && softmaxes.has(layer.bottoms[0] ?? '')) continue;
    else layers.push(...withoutLoss(layer));
  }
  const kept = withoutIdleSplits(layers);
  const taken = new Set(kept.flatMap(({ bottoms }) => bottoms));
  return { inputs: inputs.filter(({ name }) => taken.has(name)), layers: kept };
}

export const isData = ({ type }: CaffeLayer): boolean => DATA.has(type);

/** Weights are saved with the net that was trained: its data layer, where that of the test is not there. */
function trainingData(net: Net, tested: readonly CaffeLayer[]): CaffeLayer[] {
  const made = new Set([...net.inputs.map(({ name }) => name), ...tested.flatMap(({ tops }) => tops)]);
  return net.layers.filter((layer) => isData(layer) && !tested.includes(layer) && !made.has(layer.tops[0] ?? ''));
}

/** `Split` layers that Caffe wrote for what only losses take lead nowhere. */
function withoutIdleSplits(layers: readonly CaffeLayer[]): CaffeLayer[] {
  const taken = new Set(layers.filter(({ type }) => type !== 'Split').flatMap(({ bottoms }) => bottoms));
  return layers.filter(({ type, tops }) => type !== 'Split' || tops.some((top) => taken.has(top)));
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
