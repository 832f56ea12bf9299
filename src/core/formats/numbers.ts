import { damaged } from './failure.ts';

/** IEEE 754 half precision, as its 16 bits, to a number. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The upper 16 bits of a float32 (bfloat16) to a number. */
export function fromBrain(bits: number): number {
  WORD[0] = bits << 16;
  return FLOAT[0]!;
}

const WORD = new Int32Array(1);
const FLOAT = new Float32Array(WORD.buffer);

/** Largest number of values that a tensor in a file may declare; typed arrays hold no more. */
const MOST_VALUES = 2 ** 31;

/** The number of values of a shape that a file declares; nothing is allocated. */
export function countValues(shape: readonly number[], of: string): number {
  let count = 1;
  for (const size of shape) {
    if (!Number.isInteger(size) || size < 0)
      throw damaged(`${of} has the shape [${shape.join(', ')}]; sizes of zero or more were expected`);
    count *= size;
  }
  if (count > MOST_VALUES && count > 0)
    throw damaged(`${of} declares [${shape.join(', ')}], ${count} values, more than the file can hold; it is damaged`);
  return count;
}
