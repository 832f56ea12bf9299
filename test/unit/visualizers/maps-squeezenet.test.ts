import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../../src/core/open.ts';
import type { Result } from '../../../src/core/results.ts';
import { runMethod } from '../../../src/core/run.ts';
import type { RunRequest } from '../../../src/core/request.ts';
import type { Session } from '../../../src/core/session.ts';
import { hasShared, needsShared, SQUEEZENET } from '../../support/shared.ts';
import { arrayOf } from './tiny-network.ts';

// rgb = [(x * x + 3 * y * y) >> 6, (x * y) >> 5, x + 2 * y] & 255, at the network's own size; its class is 417.
const SIZE = 227;
const CLASS = 417;
const rgba = Uint8Array.from({ length: SIZE * SIZE * 4 }, (_, i) => {
  const [y, x] = [Math.floor(i / 4 / SIZE), Math.floor(i / 4) % SIZE];
  return [(x * x + 3 * y * y) >> 6, (x * y) >> 5, x + 2 * y, 255][i % 4]! & 255;
});

// Captum 0.9 on torchvision's squeezenet1_0 with the same weights:
// Occlusion(net).attribute(x, target=417, sliding_window_shapes=(3, 64, 64), strides=(3, 48, 48))[0, 0, 16::48, 16::48]
const OCCLUSION = [
  -0.26731, 1.0732, 2.8958, 4.6849, 3.7777, 0.1809, 2.6631, 1.2285, -0.080826, 1.2304, 2.0269, 2.2531, 0.7437, -0.89712,
  0.035067, 1.3082, 2.3188, 1.5079, 0.50836, -0.27838, 1.0854, 2.5358, 1.4896, 0.1904, -0.20337,
];
// LayerGradCam(net, net.features[12]).attribute(x, target=417)[0, 0, ::3, ::3]
const GRAD_CAM = [
  0.036947, 0.0045431, 0.16989, 0.45422, 0.38438, 0.0013826, 0.068958, 0.16399, 0.016527, 0.23453, 0.30279, 0.34646,
  0.1272, 0.060757, 0.10988, 0.021868, 0.024697, 0.12194, 0.10022, 0.14551, 0.10517, 0.28156, 0.43731, 0.19901, 0.12862,
];
// GuidedGradCam(net, net.features[12]).attribute(x, target=417, interpolate_mode='bilinear')[0, 1, 100, ::20] * 1000
const GUIDED_GRAD_CAM = [
  -0.0062777, -0.067907, 0.054601, 0.26802, 1.1155, -0.019054, 0.00010451, -0.015609, 0.021701, 0.00012698, -0.0032685,
  -0.001927,
];

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb));
}

describe.skipIf(!hasShared)(`on SqueezeNet, as Captum has it${needsShared}`, () => {
  let session: Session;
  beforeAll(async () => {
    session = await openSession(SQUEEZENET, { engine: 'onnxruntime' });
  });
  afterAll(() => session.dispose());

  async function result(method: string, more: Partial<RunRequest> = {}): Promise<Result> {
    const request = {
      method,
      model: SQUEEZENET,
      image: { name: 'a pattern', width: SIZE, height: SIZE, rgba },
      target: CLASS,
      ...more,
    };
    const run = runMethod(session, request, new AbortController().signal);
    for (;;) {
      const step = await run.next();
      if (step.done) return step.value.result;
    }
  }

  it('occlusion', async () => {
    const found = await result('occlusion', { params: { window: 64, stride: 48 } });
    const { data } = arrayOf(found, 'map');
    const sample = OCCLUSION.map((_, i) => data[(16 + 48 * Math.floor(i / 5)) * SIZE + 16 + 48 * (i % 5)]!);
    sample.forEach((value, i) => expect(value).toBeCloseTo(OCCLUSION[i]!, 3));
    expect(correlation(sample, OCCLUSION)).toBeGreaterThan(0.9999);
    expect(found.metrics['windows']).toBe(25);
  });

  it('Grad-CAM', async () => {
    const { data, shape } = arrayOf(await result('grad-cam', { layer: 'fire9/concat' }), 'cam');
    expect(shape).toEqual([1, 13, 13]);
    const sample = GRAD_CAM.map((_, i) => data[3 * Math.floor(i / 5) * 13 + 3 * (i % 5)]!);
    sample.forEach((value, i) => expect(value).toBeCloseTo(GRAD_CAM[i]!, 4));
    expect(correlation(sample, GRAD_CAM)).toBeGreaterThan(0.9999);
  });

  it('guided Grad-CAM', async () => {
    const { data } = arrayOf(await result('guided-grad-cam', { layer: 'fire9/concat' }), 'attribution');
    const sample = GUIDED_GRAD_CAM.map((_, i) => 1000 * data[SIZE * SIZE + 100 * SIZE + 20 * i]!);
    expect(correlation(sample, GUIDED_GRAD_CAM)).toBeGreaterThan(0.9999);
  });

  it('CAM is Grad-CAM times 15 × 15, and its mean is the score', async () => {
    const found = await result('cam');
    const { data } = arrayOf(found, 'cam');
    const gradient = arrayOf(await result('grad-cam'), 'cam').data;
    data.forEach((value, i) => expect(value).toBeCloseTo(225 * gradient[i]!, 3));
    const [score] = found.metrics['score'] as readonly number[];
    expect(data.reduce((sum, value) => sum + value, 0) / 225).toBeCloseTo(score!, 3);
  });
});
