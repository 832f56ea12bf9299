import { elements } from '../../graph/tensor.ts';
import { damaged } from '../failure.ts';
import { DATA_TYPE } from './proto.ts';
import type { Value } from './values.ts';

/** The whole numbers that an element type has, the least and the largest. */
const RANGES: Readonly<Record<number, readonly [low: number, high: number]>> = {
  [DATA_TYPE.uint8]: [0, 255],
  [DATA_TYPE.int8]: [-128, 127],
  [DATA_TYPE.uint16]: [0, 65_535],
  [DATA_TYPE.int16]: [-32_768, 32_767],
  [DATA_TYPE.int32]: [-(2 ** 31), 2 ** 31 - 1],
};

/** How real numbers are held as whole ones: real = (whole − zero) · scale, of the values along one axis or of all. */
export interface Quantisation {
  readonly scales: readonly number[];
  readonly zeros: readonly number[];
  readonly axis: number;
  /** ONNX's number of the element type. */
  readonly type: number;
}

/** The real numbers between which quantised ones lie; undefined where that differs along an axis, or the type is not known. */
export function realRange({ scales, zeros, type }: Quantisation): readonly [low: number, high: number] | undefined {
  const range = RANGES[type];
  if (!range || scales.length !== 1) return undefined;
  return [(range[0] - zeros[0]!) * scales[0]!, (range[1] - zeros[0]!) * scales[0]!];
}

/** Real numbers from whole ones. `of` says in messages whose they are. */
export function dequantised(value: Value, quantisation: Quantisation, of: string): Value {
  return each(value, quantisation, of, (whole, scale, zero) => (whole - zero) * scale);
}

/** Real numbers as they are after they were rounded to whole ones. */
export function rounded(value: Value, quantisation: Quantisation, of: string): Value {
  const [low, high] = RANGES[quantisation.type] ?? RANGES[DATA_TYPE.uint8]!;
  return each(value, quantisation, of, (real, scale, zero) => {
    const whole = Math.min(Math.max(halfToEven(real / scale) + zero, low), high);
    return (whole - zero) * scale;
  });
}

function each(
  value: Value,
  { scales, zeros, axis: given }: Quantisation,
  of: string,
  compute: (item: number, scale: number, zero: number) => number,
): Value {
  const { shape } = value;
  const source = value.items as ArrayLike<number>;
  const axis = given < 0 ? given + shape.length : given;
  const along = scales.length === 1 ? 1 : shape[axis];
  if (along !== scales.length)
    throw damaged(`${of} has ${scales.length} scales for the shape [${shape.join(', ')}]; the file is damaged`);
  const inner = scales.length === 1 ? source.length : elements(shape.slice(axis + 1));
  const items = new Float32Array(source.length);
  for (let i = 0; i < items.length; i++) {
    const at = Math.floor(i / inner) % scales.length;
    items[i] = compute(source[i]!, scales[at]!, zeros[at] ?? zeros[0]!);
  }
  return { dtype: 'float32', shape, items };
}

const halfToEven = (x: number): number => {
  const low = Math.floor(x);
  if (x - low !== 0.5) return Math.round(x);
  return low % 2 === 0 ? low : low + 1;
};
