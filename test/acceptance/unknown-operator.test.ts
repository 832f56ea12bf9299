import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeNpy } from '../../src/core/arrays/npy.ts';
import { encodeOnnx } from '../../src/core/formats/onnx/encode.ts';
import { GraphBuilder } from '../../src/core/graph/builder.ts';
import { BATCH } from '../../src/core/graph/graph.ts';
import { float32 } from '../../src/core/graph/tensor.ts';
import { layerscope, readNpy, temporaryFolder } from './cli.ts';

const folder = temporaryFolder();
const model = join(folder, 'odd.onnx');
const image = join(folder, 'image.npy');

/** image 3×4×4 → conv → an operator of nobody's → conv */
beforeAll(() => {
  const builder = new GraphBuilder();
  builder.input('image', [BATCH, 3, 4, 4]);
  builder.constant('first/w', float32(new Float32Array(54).fill(0.5), [2, 3, 3, 3]));
  builder.constant('second/w', float32(new Float32Array(36).fill(2), [2, 2, 3, 3]));
  const window = { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] };
  builder.addNode('Conv', ['image', 'first/w'], ['first'], window);
  builder.addNode('Sparkle', ['first'], ['sparkle']);
  builder.addNode('Conv', ['sparkle', 'second/w'], ['second'], window);
  writeFileSync(model, encodeOnnx(builder.graph(['second'])));
  writeFileSync(image, encodeNpy(float32(new Float32Array(48).fill(1), [1, 3, 4, 4])));
});

const run = (method: string, ...options: string[]) =>
  layerscope('run', method, '--model', model, '--raw', '--out', join(folder, method), ...options);

describe('a network with an operator that nobody knows', () => {
  it('opens, and says which operator and node', async () => {
    const { status, stdout } = await layerscope('inspect', model, '--json');
    expect(status).toBe(0);
    const { layers, unknown } = JSON.parse(stdout) as {
      layers: { name: string; shape?: number[]; runnable: boolean }[];
      unknown: unknown;
    };
    expect(unknown).toEqual([{ op: 'Sparkle', node: 'sparkle' }]);
    expect(layers.map(({ name, shape, runnable }) => [name, shape?.join('×'), runnable])).toEqual([
      ['image', '3×4×4', true],
      ['first', '2×4×4', true],
      ['sparkle', undefined, false],
      ['second', undefined, false],
    ]);
    const text = await layerscope('inspect', model);
    expect(text.stdout).toMatch(/Sparkle.*sparkle/);
  });

  it('shows the activations before it, and the filters behind it', async () => {
    const before = await run('activations', '--layer', 'first', '--image', image);
    expect(before).toMatchObject({ status: 0, stderr: '' });
    // In the middle nine taps of three channels, half each.
    expect(readNpy(folder, 'activations', 'activation.npy').values[5]).toBe(13.5);
    const behind = await run('filters', '--layer', 'second');
    expect(behind).toMatchObject({ status: 0, stderr: '' });
    expect(readNpy(folder, 'filters', 'weights.npy').shape).toEqual([2, 2, 3, 3]);
  });

  it('explains a unit before it', async () => {
    const unit = await run('saliency', '--layer', 'first', '--unit', '1,2,2', '--image', image);
    expect(unit).toMatchObject({ status: 0, stderr: '' });
  });

  it.each([['activations', '--layer', 'second'], ['predictions'], ['saliency']])(
    '%s is refused, by name',
    async (method, ...options) => {
      const { status, stderr } = await run(method, ...options, '--image', image);
      expect(status).toBe(2);
      expect(stderr).toContain("Sparkle of node 'sparkle'");
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    },
  );
});
