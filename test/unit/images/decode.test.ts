import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/core/images/decode.ts';
import { encodePng } from '../../../src/core/images/png.ts';

const picture = { width: 3, height: 2, rgb: Uint8Array.from({ length: 18 }, (_, i) => i * 14) };

function png(width: number, height: number): Uint8Array {
  const bytes = Uint8Array.from(encodePng(picture));
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

function photo(): Uint8Array {
  const data = Buffer.from(Array.from({ length: 16 * 8 }, () => [200, 100, 50, 255]).flat());
  return Uint8Array.from(jpeg.encode({ width: 16, height: 8, data }, 95).data);
}

describe('decodeImage', () => {
  it('reads a PNG as it was written', () => {
    expect(decodeImage(encodePng(picture), 'a.png')).toEqual(picture);
  });

  it('reads a JPEG', () => {
    const { width, height, rgb } = decodeImage(photo(), 'a.jpg');
    expect([width, height, rgb.length]).toEqual([16, 8, 384]);
    [200, 100, 50].forEach((value, c) => expect(Math.abs(rgb[c]! - value)).toBeLessThan(4));
  });

  it.each([
    [
      'another format',
      new TextEncoder().encode('GIF89a…'),
      'it is not a PNG or JPEG picture (it begins with 47 49 46 38)',
    ],
    ['an empty file', new Uint8Array(), 'it begins with nothing: it is empty'],
    ['a PNG cut in its header', encodePng(picture).slice(0, 20), 'the picture is damaged: its header is cut off.'],
    ['a PNG cut in its pixels', encodePng(picture).slice(0, 50), 'the PNG picture is damaged or cut off.'],
    ['a JPEG cut in its header', photo().slice(0, 30), 'the picture is damaged: its header is cut off.'],
    ['a JPEG cut in its pixels', photo().slice(0, -12), 'the JPEG picture is damaged or cut off.'],
    ['a PNG without pixels', png(0, 5), 'the picture is damaged: its size is 0×5.'],
    ['a PNG that claims too much', png(60_000, 60_000), '60000×60000 pixels are more than 50 megapixels.'],
  ])('says what is wrong with %s', (_, bytes, message) => {
    expect(() => decodeImage(bytes, 'x.img')).toThrow(expect.objectContaining({ kind: 'file' }));
    expect(() => decodeImage(bytes, 'x.img')).toThrow(`x.img: `);
    expect(() => decodeImage(bytes, 'x.img')).toThrow(message);
  });

  it('refuses a JPEG that claims more than its bytes can hold before it decodes it', () => {
    const bytes = photo();
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    new DataView(bytes.buffer).setUint32(frame + 5, (6000 << 16) + 8000);
    expect(() => decodeImage(bytes, 'x.jpg')).toThrow('8000×6000 pixels do not fit in its');
  });

  it('refuses a JPEG that claims too much before it decodes it', () => {
    const bytes = photo();
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    new DataView(bytes.buffer).setUint32(frame + 5, 0xffffffff);
    expect(() => decodeImage(bytes, 'x.jpg')).toThrow('65535×65535 pixels are more than 50 megapixels.');
  });
});
