import { describe, expect, it } from 'vitest';
import { cropCentre, resize } from '../../../src/core/images/resize.ts';
import type { Picture } from '../../../src/core/results.ts';

const byte = (x: number, y: number, c: number) => (x * 53 + y * 91 + c * 37 + x * y * 29 + x * x * y * 7) % 256;

const picture: Picture = {
  width: 7,
  height: 5,
  rgb: Uint8Array.from({ length: 105 }, (_, i) => byte(Math.floor(i / 3) % 7, Math.floor(i / 21), i % 3)),
};

/** Pillow: Image.fromarray(…).resize((width, height), Image.BILINEAR). */
const PILLOW = [
  {
    what: 'shrunk both ways',
    width: 3,
    height: 2,
    rgb: [96, 133, 137, 118, 155, 158, 85, 122, 137, 102, 139, 142, 123, 160, 158, 122, 159, 133],
  },
  {
    what: 'enlarged both ways',
    width: 9,
    height: 6,
    rgb: [
      0, 37, 74, 35, 72, 109, 77, 114, 151, 118, 155, 192, 159, 196, 233, 200, 237, 75, 99, 136, 59, 27, 64, 101, 62,
      99, 136, 68, 105, 142, 121, 158, 195, 103, 140, 177, 69, 106, 143, 148, 185, 222, 85, 122, 110, 100, 137, 145,
      106, 143, 180, 66, 103, 140, 144, 181, 69, 118, 155, 142, 116, 153, 124, 131, 168, 89, 135, 172, 209, 73, 110,
      147, 83, 120, 157, 94, 131, 168, 70, 107, 144, 113, 150, 38, 107, 144, 131, 134, 171, 141, 160, 197, 118, 123,
      160, 197, 111, 148, 185, 119, 156, 133, 110, 147, 112, 74, 111, 148, 40, 77, 114, 110, 147, 184, 128, 165, 202,
      107, 144, 181, 110, 147, 184, 150, 187, 174, 179, 216, 117, 155, 192, 100, 78, 115, 152, 108, 145, 182, 69, 106,
      143, 48, 85, 122, 58, 95, 132, 99, 136, 173, 184, 221, 59, 157, 194, 118, 105, 142, 179, 82, 119, 156,
    ],
  },
];

describe('resize', () => {
  it.each(PILLOW)('is Pillow to the last bit: $what', ({ width, height, rgb }) => {
    expect([...resize(picture, width, height).rgb]).toEqual(rgb);
  });

  it('leaves a picture of that size alone', () => {
    expect(resize(picture, 7, 5)).toEqual(picture);
  });

  it('keeps an even colour at any size', () => {
    const even: Picture = { width: 3, height: 2, rgb: new Uint8Array(18).fill(201) };
    for (const [width, height] of [
      [1, 1],
      [50, 40],
      [2, 9],
    ] as const)
      expect(resize(even, width, height).rgb.every((value) => value === 201)).toBe(true);
  });
});

describe('cropCentre', () => {
  const at = ({ rgb }: Picture) => [...rgb].filter((_, i) => i % 3 === 0);

  it('takes the middle square', () => {
    const cut = cropCentre(picture, 10, 10);
    expect([cut.width, cut.height]).toEqual([5, 5]);
    expect(at(cut).slice(0, 5)).toEqual([1, 2, 3, 4, 5].map((x) => byte(x, 0, 0)));
  });

  it('takes the proportions that are asked for', () => {
    const cut = cropCentre(picture, 30, 10);
    expect([cut.width, cut.height]).toEqual([7, 2]);
    expect(at(cut).slice(0, 2)).toEqual([byte(0, 1, 0), byte(1, 1, 0)]);
  });
});
