import { describe, expect, it } from 'vitest';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { Picture } from '../../../src/core/results.ts';
import { photoFrame, photoIn } from '../../../src/core/stimuli/photo-frame.ts';
import type { Context, InputImage } from '../../../src/core/visualizers/visualizer.ts';
import { ramp, tinyNetwork } from '../visualizers/tiny-network.ts';

const session = await tinyNetwork();
const input = session.model.inputs[0]!;
const tensor = float32(ramp(90, 3), [1, 3, 6, 5]);

/** Red tells the column, green the row, blue is full. */
function photo(width: number, height: number): Picture {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const place = Math.floor(i / 3);
    return [10 * (place % width), 10 * Math.floor(place / width), 255][i % 3]!;
  });
  return { width, height, rgb };
}
const imageOf = (picture?: Picture): InputImage => {
  const image = { name: 'swan.jpg', input, tensor, feeds: { image: tensor } };
  return picture ? { ...image, photo: () => Promise.resolve(picture) } : image;
};
const frameOf = (size: number, picture?: Picture, layer = 'relu') =>
  photoFrame({ session, image: imageOf(picture) } as Context, [layer], size);

describe('the frame of a photo', () => {
  it('is the network’s own input at 0, whatever the photo’s proportions', async () => {
    expect(await frameOf(0, photo(20, 10))).toMatchObject({ size: [6, 5], area: 30, channels: 3 });
    expect(await frameOf(0)).toMatchObject({ size: [6, 5] });
  });

  it.each([
    [20, 10, 12, [6, 12]],
    [10, 20, 12, [12, 6]],
    [7, 3, 10, [4, 10]], // 4.29
    [9, 4, 10, [4, 10]], // 4.44
    [20, 9, 10, [5, 10]], // 4.5
    [4, 4, 100, [100, 100]],
  ])('%i × %i at %i keeps its proportions', async (width, height, size, found) => {
    expect(await frameOf(size, photo(width, height))).toMatchObject({ size: found, area: found[0]! * found[1]! });
  });

  it('refuses a size that the layers below can’t take, of no pixels or of an array', async () => {
    await expect(frameOf(12, photo(20, 10), 'dense')).rejects.toThrow(
      'a picture of 6×12: this layer takes pictures of 6×5 only. Leave size at 0.',
    );
    await expect(frameOf(12)).rejects.toThrow("size: swan.jpg is an array of the network's own size. Leave size at 0.");
  });

  it('refuses what takes too much memory, and says what fits: that does', async () => {
    const error = await frameOf(20_000, photo(4, 4)).catch((reason: unknown) => String(reason));
    const fitting = Number(/a step would take [\d.]+ GB\. Up to (\d+) px fit\./.exec(error as string)?.[1]);
    expect(fitting).toBeGreaterThan(5000);
    await expect(frameOf(fitting, photo(4, 4))).resolves.toMatchObject({ size: [fitting, fitting] });
    await expect(frameOf(fitting + 20, photo(4, 4))).rejects.toThrow('GB');
  });
});

describe('a photo in a frame', () => {
  const inFrame = async (size: readonly [number, number], picture?: Picture) => {
    const frame = { channels: 3, size, area: size[0] * size[1], centre: [0.5, 0.5, 0.5] };
    return photoIn({ session }, imageOf(picture), frame);
  };

  it('is the tensor that is there at the network’s own size', async () => {
    const found = await inFrame([6, 5], photo(10, 12));
    expect(found).toEqual(tensor);
    expect(found.data).not.toBe(tensor.data);
  });

  it('is cut to the frame’s proportions about its middle, not squashed', async () => {
    const { data, shape } = await inFrame([2, 4], photo(4, 4));
    expect(shape).toEqual([1, 3, 2, 4]);
    expect(Array.from(data.slice(0, 8))).toEqual([0, 10, 20, 30, 0, 10, 20, 30]);
    expect(Array.from(data.slice(8, 16))).toEqual([10, 10, 10, 10, 20, 20, 20, 20]);
    expect(Array.from(data.slice(16))).toEqual(Array(8).fill(255));
  });

  it('can’t be had of an array', async () => {
    await expect(inFrame([4, 4])).rejects.toThrow('Leave size at 0.');
  });
});
