import { describe, expect, it } from 'vitest';
import { float32 } from '../../../src/core/graph/tensor.ts';
import type { ImagesResult } from '../../../src/core/results.ts';
import { openSession } from '../../../src/core/open.ts';
import { runMethod } from '../../../src/core/run.ts';
import { styleLayers } from '../../../src/core/stimuli/style-layers.ts';
import { style } from '../../../src/core/visualizers/style.ts';
import { arrayOf, ramp, resultOf, tinyNetwork } from './tiny-network.ts';

const image = (seed: number) =>
  float32(
    ramp(90, seed).map((value) => 128 + 60 * value),
    [1, 3, 6, 5],
  );

const paint = async (params: Record<string, unknown>, asked: Parameters<typeof resultOf>[2] = {}) => {
  const session = await tinyNetwork();
  const input = session.model.inputs[0]!;
  const tensor = image(9);
  const second = { name: 'a style', input, tensor, feeds: { [input.name]: tensor } };
  return (await resultOf(style, session, {
    tensor: image(3),
    style: second,
    layer: 'relu',
    params,
    ...asked,
  })) as ImagesResult;
};
const losses = ({ metrics }: ImagesResult) => [metrics['content'], metrics['style']] as [number[], number[]];

describe('style', () => {
  it.each(['adam', 'l-bfgs'])('both losses fall: %s', async (optimizer) => {
    const result = await paint({ optimizer, steps: 150, smoothness: 0 });
    for (const [before, after] of losses(result)) expect(after).toBeLessThan(0.3 * before!);
    expect(result.metrics['steps']).toBe(150);
  });

  it('with no weight of the style it is the content, from the style it begins with no loss of style', async () => {
    const content = await paint({ weight: 0, steps: 400, smoothness: 0, rate: 0.1 });
    expect(losses(content)[0][1]).toBeLessThan(0.1);
    const styled = await paint({ weight: 100, steps: 400, smoothness: 0, rate: 0.1 });
    expect(losses(styled)[1][1]).toBeLessThan(losses(content)[1][1]!);
    const [, begun] = losses(await paint({ start: 'style', steps: 1 }));
    expect(begun[0]).toBeLessThan(1e-6);
    expect(losses(await paint({ start: 'content', steps: 1 }))[0][0]).toBeLessThan(1e-6);
  });

  it('from the content comes nearer to both in fewer steps than from noise', async () => {
    const both = async (params: Record<string, unknown>) => {
      const [content, painted] = losses(await paint(params));
      return content[1]! + 0.6 * painted[1]!;
    };
    const sharp = style.presets![0]!.params;
    expect(await both({ ...sharp, steps: 40 })).toBeLessThan(await both({ steps: 60 }));
  });

  it.each(['zero', 'mean'])('begins with an even colour as well: %s', async (start) => {
    const params = { start, steps: 1, rate: 1e-4, parametrisation: 'pixels' };
    const { data } = arrayOf(await paint(params), 'image');
    for (let c = 0; c < 3; c++) {
      const plane = data.subarray(c * 30, (c + 1) * 30);
      expect(Math.max(...plane) - Math.min(...plane)).toBeLessThan(1);
    }
  });

  it('says what it climbs to, as other recipes do', async () => {
    const { metrics } = await paint({ steps: 20, weight: 0.3, smoothness: 0 });
    const [content, painted] = [metrics['content'], metrics['style']] as [number[], number[]];
    expect(metrics['activation']).toEqual([-(content[1]! + 0.3 * painted[1]!)]);
    const [objective] = metrics['objective'] as [number];
    expect(objective).toBeGreaterThan(-(content[0]! + 0.3 * painted[0]!));
    expect(objective).toBeLessThan(0);
  });

  it.each(['adam', 'l-bfgs'])('paints on pixels as well: %s', async (optimizer) => {
    const result = await paint({ parametrisation: 'pixels', optimizer, steps: 150, smoothness: 0 });
    for (const [before, after] of losses(result)) expect(after).toBeLessThan(0.3 * before!);
  });

  it('tells the style by the layers that are named', async () => {
    const all = await paint({ steps: 1 });
    const one = await paint({ steps: 1, layers: ' conv , relu' });
    expect(one.notes[0]).toBe('Content: relu. Style: conv, relu.');
    expect(losses(one)[1][0]).not.toBe(losses(all)[1][0]);
    await expect(paint({ layers: 'conf' })).rejects.toThrow("There is no layer 'conf'. The nearest: 'conv'");
    await expect(paint({ layers: 'conv,dense' })).rejects.toThrow("Layer 'dense' has no maps, which style is told by");
  });

  it('tells both by the same layers whichever file the network comes from: poolings are none', async () => {
    const layersOf = async (model: string) => {
      const session = await openSession(model);
      const { content, style: painted } = styleLayers(session, undefined, []);
      await session.dispose();
      return [content, ...painted].map(({ name }) => name.replace('/relu', ''));
    };
    const [onnx, keras] = [await layersOf('media/samples/digits.onnx'), await layersOf('media/samples/digits.h5')];
    expect(keras).toEqual(onnx);
    expect(keras.filter((name) => name.includes('pool'))).toEqual([]);
  });

  it('gives the network’s own input, the same for the same seed', async () => {
    const result = await paint({ steps: 3 });
    expect(arrayOf(result, 'image').shape).toEqual([1, 3, 6, 5]);
    expect((await paint({ steps: 3 })).rgb).toEqual(result.rgb);
    expect((await paint({ steps: 3 }, { seed: 2 })).rgb).not.toEqual(result.rgb);
  });

  it('asks for the second image, and for photos where another size is wanted', async () => {
    await expect(paint({ size: 12 })).rejects.toThrow('a test is an array of the network');
    const request = {
      method: 'style',
      model: '/tiny.onnx',
      image: { name: 'x', width: 1, height: 1, rgba: new Uint8Array(4) },
    };
    await expect(runMethod(await tinyNetwork(), request, new AbortController().signal).next()).rejects.toThrow(
      'style needs two images: give --image FILE for the content, then --image FILE for the style.',
    );
  });
});
