import jpeg from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/core/images/decode.ts';
import { encodePng } from '../../../src/core/images/png.ts';
import jpegs from '../../fixtures/jpegs.json' with { type: 'json' };

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

const bytesOf = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));

/** Its frame says so. */
function arithmetic(): Uint8Array {
  const bytes = photo();
  bytes[bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0) + 1] = 0xc9;
  return bytes;
}

describe('decodeImage', () => {
  it('reads a PNG as it was written', async () => {
    expect(await decodeImage(encodePng(picture), 'a.png')).toEqual(picture);
  });

  // fixtures/jpegs.json: a picture of 21×13 by Pillow 12's `save(…, 'JPEG', quality=80, optimize=True, subsampling=0 to 2,
  // progressive=True, restart_marker_blocks=1, keep_rgb=True)`, 4:4:0 by `cjpeg -sample 1x2`; its pixels by `convert('RGB')`.
  it.each(Object.entries(jpegs))('reads a JPEG as Pillow does: %s', async (kind, { jpeg: file, rgb: pillows }) => {
    const { width, height, rgb } = await decodeImage(bytesOf(file), 'a.jpg');
    expect([width, height]).toEqual([21, 13]);
    // Pillow's newer library also interpolates colours that are coarser along y alone; of inks, rounding differs.
    const bound = { '4:4:0': 2, CMYK: 1 }[kind] ?? 0;
    const most = bytesOf(pillows).reduce((most, value, i) => Math.max(most, Math.abs(value - rgb[i]!)), 0);
    expect(most).toBeLessThanOrEqual(bound);
  });

  it('reads pictures again after a damaged one, and several at once', async () => {
    const { jpeg: file, rgb } = jpegs['4:2:0'];
    const [good, cut, unknown] = [bytesOf(file), bytesOf(file).slice(0, -12), arithmetic()];
    const asked = [good, cut, good, unknown, good];
    const outcomes = await Promise.allSettled(asked.map((bytes) => decodeImage(bytes, 'a.jpg')));
    expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual([true, false, true, false, true]);
    expect(Buffer.from((await decodeImage(good, 'a.jpg')).rgb).toString('base64')).toBe(rgb);
  });

  it('reads a JPEG with bytes that belong to nothing, as Pillow does', async () => {
    const bytes = bytesOf(jpegs['progressive 4:2:0'].jpeg);
    const more = Uint8Array.from([...bytes.slice(0, -2), 1, 2, 3, ...bytes.slice(-2), 4, 5]);
    const { rgb } = await decodeImage(more, 'a.jpg');
    expect(Buffer.from(rgb).toString('base64')).toBe(jpegs['progressive 4:2:0'].rgb);
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
    [
      'an arithmetically coded JPEG',
      arithmetic(),
      'coded in a rare way (Sorry, arithmetic coding is not implemented). Save it as a PNG.',
    ],
  ])('says what is wrong with %s', async (_, bytes, message) => {
    const outcome = decodeImage(bytes, 'x.img');
    await expect(outcome).rejects.toMatchObject({ kind: 'file' });
    await expect(outcome).rejects.toThrow(`x.img: `);
    await expect(outcome).rejects.toThrow(message);
  });

  it('refuses a JPEG that claims more than its bytes can hold before it decodes it', async () => {
    const bytes = photo();
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    new DataView(bytes.buffer).setUint32(frame + 5, (6000 << 16) + 8000);
    await expect(decodeImage(bytes, 'x.jpg')).rejects.toThrow('8000×6000 pixels do not fit in its');
  });

  it('refuses a JPEG that claims too much before it decodes it', async () => {
    const bytes = photo();
    const frame = bytes.findIndex((byte, i) => byte === 0xff && bytes[i + 1] === 0xc0);
    new DataView(bytes.buffer).setUint32(frame + 5, 0xffffffff);
    await expect(decodeImage(bytes, 'x.jpg')).rejects.toThrow('65535×65535 pixels are more than 50 megapixels.');
  });
});
