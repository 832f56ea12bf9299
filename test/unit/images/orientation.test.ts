import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/core/images/decode.ts';
import { orientationOf, turnedUpright } from '../../../src/core/images/orientation.ts';

/** What follows `Exif\0`: a directory with one entry, the orientation. */
function exif(orientation: number, little: boolean): Uint8Array {
  const bytes = new Uint8Array(1 + 8 + 2 + 12 + 4);
  const view = new DataView(bytes.buffer, 1);
  view.setUint16(0, little ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, 0x0112, little);
  view.setUint16(12, 3, little);
  view.setUint32(14, 1, little);
  view.setUint16(18, orientation, little);
  return bytes;
}

/** A photo of a camera: left half dark, right half bright. */
function photo(orientation: number): Uint8Array {
  const data = Buffer.from(
    Array.from({ length: 16 * 8 }, (_, i) => Array(4).fill(i % 16 < 8 ? 20 : 230) as number[]).flat(),
  );
  const plain = Uint8Array.from(jpeg.encode({ width: 16, height: 8, data }, 95).data);
  const own = exif(orientation, true);
  const length = 2 + 5 + own.length;
  const app1 = [0xff, 0xe1, length >> 8, length & 255, ...new TextEncoder().encode('Exif\0'), ...own];
  return Uint8Array.from([...plain.subarray(0, 2), ...app1, ...plain.subarray(2)]);
}

describe('orientation', () => {
  it('is read whichever way its numbers are written', () => {
    for (const little of [true, false])
      for (let value = 1; value <= 8; value++) expect(orientationOf(exif(value, little))).toBe(value);
  });

  it('is upright where nothing is said, or nonsense', () => {
    for (const given of [undefined, new Uint8Array(40).fill(255), exif(9, true), exif(3, true).slice(0, 15)])
      expect(orientationOf(given)).toBe(1);
  });

  it.each([
    [1, 3, [0, 1, 2, 3, 4, 5]],
    [2, 3, [2, 1, 0, 5, 4, 3]],
    [3, 3, [5, 4, 3, 2, 1, 0]],
    [4, 3, [3, 4, 5, 0, 1, 2]],
    [5, 2, [0, 3, 1, 4, 2, 5]],
    [6, 2, [3, 0, 4, 1, 5, 2]],
    [7, 2, [5, 2, 4, 1, 3, 0]],
    [8, 2, [2, 5, 1, 4, 0, 3]],
  ])('%i: pixels in their places', (orientation, wide, places) => {
    const picture = { width: 3, height: 2, rgb: Uint8Array.from({ length: 18 }, (_, i) => i) };
    const { width, height, rgb } = turnedUpright(picture, orientation);
    expect([width, height]).toEqual([wide, 6 / wide]);
    expect(Array.from(rgb)).toEqual(places.flatMap((place) => [3 * place, 3 * place + 1, 3 * place + 2]));
  });

  it('a photo of a camera that was turned is seen upright', async () => {
    const { width, height, rgb } = await decodeImage(photo(6), 'photo.jpg');
    expect([width, height]).toEqual([8, 16]);
    expect(rgb[0]).toBeLessThan(60); // its left half is on top
    expect(rgb.at(-1)).toBeGreaterThan(190);
    expect(await decodeImage(photo(1), 'photo.jpg')).toMatchObject({ width: 16, height: 8 });
  });
});
