import type { LayerSummary, ModelSummary } from '../../protocol/worker.ts';

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const rounded = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** A value to read beside a picture: three digits, thousands in full, very small and very large ones with an exponent. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size === 0) return '0';
  const exponent = size < 1e-3 ? 1 : size >= 1e7 ? 2 : undefined;
  const text = exponent ? size.toExponential(exponent) : (size >= 1000 ? whole : rounded).format(size);
  return (value < 0 ? '−' : '') + text.replace('-', '−').replace('+', '');
}

/** The two ends of a range: an end that is nothing beside the other is zero. */
export const formatRange = ([low, high]: readonly [number, number]): [string, string] => {
  const nothing = Math.max(Math.abs(low), Math.abs(high)) / 1000;
  return [formatValue(Math.abs(low) < nothing ? 0 : low), formatValue(Math.abs(high) < nothing ? 0 : high)];
};

export const formatCount = (count: number): string => whole.format(count);

/** `1.25 M`, `12,352`. */
export function formatParameters(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} G`;
  if (count >= 1e5) return `${(count / 1e6).toFixed(2)} M`;
  return whole.format(count);
}

export function formatFlops(flops: number): string {
  if (flops >= 1e8) return `${(flops / 1e9).toFixed(2)} GFLOP`;
  if (flops >= 1e5) return `${(flops / 1e6).toFixed(1)} MFLOP`;
  return `${whole.format(flops)} FLOP`;
}

/** `3 × 227 × 227`; a shape that is not known is a dash. */
export const formatShape = (shape: readonly number[] | undefined): string => (shape ? shape.join(' × ') : '–');

/** For a box: `96 × 111²`. */
export function formatShortShape(shape: readonly number[] | undefined): string {
  if (shape?.length === 3 && shape[1] === shape[2] && shape[1]! > 1) return `${shape[0]} × ${shape[1]}²`;
  if (shape?.length === 3 && shape[1] === 1 && shape[2] === 1) return `${shape[0]}`;
  return formatShape(shape);
}

/** Of a probability: `99.85 %`; `0.09 %`; `< 0.01 %`. */
export function formatProbability(probability: number): string {
  const percent = probability * 100;
  if (percent > 0 && percent < 0.005) return '< 0.01 %';
  return `${percent.toFixed(2)} %`;
}

export const formatTime = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.max(1, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`;

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

/** What the whole model is. */
export const modelFacts = (model: ModelSummary): string[] => [
  model.formatTitle,
  plural(model.layers.length, 'layer'),
  `${formatParameters(model.parameters)} parameters`,
  ...(model.flops > 0 ? [formatFlops(model.flops)] : []),
];

/** What a layer is, in one line: kind · shape · receptive field, stride · parameters. */
export function layerFacts(layer: LayerSummary): string[] {
  const facts = [layer.kind];
  if (layer.shape) facts.push(formatShape(layer.shape));
  if (layer.receptiveField) {
    const { size, stride } = layer.receptiveField;
    const step = Math.max(...stride) > 0 ? `, stride ${pair(stride)}` : '';
    facts.push(`receptive field ${pair(size)} px${step}`);
  }
  if (layer.parameters) facts.push(plural(layer.parameters, 'parameter'));
  return facts;
}

const pair = ([height, width]: readonly [number, number]): string =>
  height === width ? formatCount(height) : `${formatCount(height)} × ${formatCount(width)}`;

/** Beside a layer's name in its box: `7×7 /2`. */
export function kernelFacts(layer: LayerSummary): string {
  const kernel = list(
    layer.attributes['kernel'] ?? layer.attributes['kernel_shape'] ?? layer.attributes['kernel_size'],
  );
  const strides = list(layer.attributes['strides']);
  const stride = strides.find((step) => step > 1);
  return [kernel.length > 1 ? kernel.join('×') : '', stride ? `/${stride}` : ''].filter(Boolean).join(' ');
}

function list(value: unknown): number[] {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as Iterable<number>, Number);
  return typeof value === 'number' ? [value] : [];
}

/** Beside the name of a layer in a thin box: its kind, where the name does not say it, and its window. */
export function thinFacts(layer: LayerSummary): string {
  const said = layer.name.toLowerCase().includes(layer.kind.toLowerCase());
  return [said ? '' : layer.kind, kernelFacts(layer)].filter(Boolean).join(' ');
}

/** The last part of a path or of a layer's name. */
export const baseName = (path: string): string => path.split(/[\\/]/).pop() || path;

/** A layer's name inside its block: `fire2/squeeze1x1` is `squeeze1x1` there. */
export function nameInBlock(layer: LayerSummary): string {
  if (!layer.block || !layer.name.startsWith(layer.block)) return layer.name;
  return layer.name.slice(layer.block.length).replace(/^[/_.\-:]+/, '') || layer.name;
}
