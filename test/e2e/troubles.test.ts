import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeOnnx } from '../../src/core/formats/onnx/encode.ts';
import { GraphBuilder } from '../../src/core/graph/builder.ts';
import { BATCH } from '../../src/core/graph/graph.ts';
import { float32 } from '../../src/core/graph/tensor.ts';
import { ModelPanel } from '../support/vscode/panel.ts';
import { stateDict } from '../support/weight-files.ts';
import { session } from './session.ts';

const vscode = session({ theme: 'light' });

const WINDOW = { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] };
const kernel = (outputs: number, inputs: number) =>
  float32(
    Float32Array.from({ length: outputs * inputs * 9 }, (_, i) => Math.sin(7 * i)),
    [outputs, inputs, 3, 3],
  );

/** image → conv → an operator of nobody's → conv */
function withUnknownOperator(): Uint8Array {
  const builder = new GraphBuilder();
  builder.input('image', [BATCH, 3, 16, 16]);
  builder.constant('first/w', kernel(4, 3));
  builder.constant('second/w', kernel(4, 4));
  builder.addNode('Conv', ['image', 'first/w'], ['first'], WINDOW);
  builder.addNode('Sparkle', ['first'], ['sparkle']);
  builder.addNode('Conv', ['sparkle', 'second/w'], ['second'], WINDOW);
  return encodeOnnx(builder.graph(['second']));
}

/** Two images → a convolution each → their sum */
function withTwoInputs(): Uint8Array {
  const builder = new GraphBuilder();
  const sides = ['left', 'right'].map((side) => {
    builder.input(side, [BATCH, 3, 16, 16]);
    builder.constant(`${side}/w`, kernel(4, 3));
    builder.addNode('Conv', [side, `${side}/w`], [`${side}_conv`], WINDOW);
    return `${side}_conv`;
  });
  builder.addNode('Add', sides, ['sum']);
  return encodeOnnx(builder.graph(['sum']));
}

async function open(name: string, content: Uint8Array): Promise<ModelPanel> {
  const { workbench, folder } = vscode.current;
  writeFileSync(path.join(folder, name), content);
  await workbench.openFile(name);
  return ModelPanel.inView(workbench);
}

const notes = (panel: ModelPanel) => panel.frame.getByRole('complementary', { name: 'Notes' });
const close = () => vscode.current.workbench.runCommand('View: Close All Editors');

describe('one clear line, and a panel that lives', () => {
  it('a file that is still being written opens once it is whole, and what replaces it is shown', async () => {
    const { workbench, folder } = vscode.current;
    const write = (content: Uint8Array) => writeFileSync(path.join(folder, 'growing.onnx'), content);
    write(withTwoInputs().subarray(0, 200));
    await workbench.openFile('growing.onnx');
    await (await workbench.webviewFrame()).getByRole('alert').filter({ hasText: 'not a whole ONNX file' }).waitFor();
    write(withTwoInputs());
    const panel = await ModelPanel.inView(workbench);
    await panel.layer('sum').waitFor();
    write(withUnknownOperator());
    await panel.layer('sparkle').waitFor();
    await close();
  });

  it('an operator that is not known: what lies before it is shown', async () => {
    const panel = await open('sparkle.onnx', withUnknownOperator());
    await notes(panel).filter({ hasText: 'The operator Sparkle (node ‘sparkle’) is not known' }).waitFor();
    await panel.select('first');
    await panel.openTab('Activations');
    await panel.waitForTiles(4);
    await panel.select('second');
    await panel.openTab('Activations');
    await panel.frame.getByText('second depends on Sparkle').waitFor();
    await vscode.current.screenshot('unknown-operator');
    await panel.button('Show its filters').click();
    await panel.waitForTiles(4);
    await panel.button('Hide these notes').click();
    await notes(panel).waitFor({ state: 'detached' });
    await close();
  });

  it('a network with two inputs: filters are shown, no image is asked for', async () => {
    const panel = await open('two.onnx', withTwoInputs());
    await notes(panel).filter({ hasText: 'The network has 2 inputs (‘left’, ‘right’)' }).waitFor();
    expect(await panel.button(/^Image/).count()).toBe(0);
    await panel.select('left_conv');
    await panel.openTab('Filters');
    await panel.waitForTiles(4);
    await panel.openTab('Activations');
    await panel.frame.getByText('This needs an image').waitFor();
    await vscode.current.screenshot('two-inputs');
    await close();
  });

  it('a file of weights that is not there: the panel opens as soon as it is', async () => {
    const { workbench, folder } = vscode.current;
    const shard = path.join(folder, 'digits-tfjs/group1-shard1of1.bin');
    renameSync(shard, `${shard}.away`);
    await workbench.explorerContextMenu('digits-tfjs/model.json', 'Layerscope: Inspect Model');
    const frame = await workbench.webviewFrame();
    await frame.getByRole('alert').filter({ hasText: 'group1-shard1of1.bin' }).waitFor();
    await vscode.current.screenshot('missing-shard');
    renameSync(`${shard}.away`, shard);
    await frame.getByRole('button', { name: 'Try again' }).click();
    const panel = await ModelPanel.inView(workbench);
    await panel.waitForPrediction('eight');

    // Other weights come while it is open.
    const bytes = readFileSync(shard);
    writeFileSync(shard, new Uint8Array(bytes.length));
    await expect.poll(() => panel.predictions().first().textContent(), { timeout: 30_000 }).toMatch(/10(\.0+)? %/);
    writeFileSync(shard, bytes);
    await panel.waitForPrediction('eight');
    await close();
  });

  it('a model that changes while pictures of it are there: they stay until one asks for what it is now', async () => {
    const { workbench, folder, screenshot } = vscode.current;
    const file = path.join(folder, 'digits.onnx');
    const before = readFileSync(file);
    await workbench.openFile('digits.onnx');
    const panel = await ModelPanel.inView(workbench);
    await panel.select('conv3');
    await panel.openTab('Preferred stimuli');
    await panel.button('Make pictures').click();
    await panel.waitForTiles(9);
    await panel.button('Pause').waitFor({ state: 'detached', timeout: 120_000 });
    writeFileSync(file, withTwoInputs());
    const banner = panel.frame.getByRole('status').filter({ hasText: 'digits.onnx has changed' });
    await banner.waitFor({ timeout: 30_000 });
    await panel.waitForTiles(9);
    await screenshot('changed-model');
    expect((await banner.boundingBox())!.height).toBeLessThan(48);
    await panel.button('Show what it is now').click();
    await panel.layer('sum').waitFor();
    expect(await banner.count()).toBe(0);
    writeFileSync(file, before);
    await panel.layer('conv3').waitFor();
    await close();
  });

  it('an image that can’t be read: it is said once, and nothing of the one before stays', async () => {
    const { workbench, folder } = vscode.current;
    writeFileSync(
      path.join(folder, 'images/wrong.png'),
      readFileSync(path.join(folder, 'images/six.png')).subarray(0, 60),
    );
    await workbench.openFile('digits.onnx');
    const panel = await ModelPanel.inView(workbench);
    await panel.select('conv2');
    await panel.openTab('Activations');
    await panel.waitForTiles(10);
    await panel.chooseImage('wrong.png');
    await panel
      .alert()
      .filter({ hasText: /^wrong\.png: the PNG picture is damaged/ })
      .waitFor();
    await panel.frame.getByText('Choose another image to see this.').waitFor();
    expect(await panel.alert().count()).toBe(1);
    expect(await panel.tiles().count()).toBe(0);
    await vscode.current.screenshot('unreadable-image');
    await panel.button(/^Use .*png$/).click();
    await panel.waitForTiles(10);
    expect(await panel.alert().count()).toBe(0);
    await close();
  });

  it('weights alone, in a light theme', async () => {
    const { workbench, folder } = vscode.current;
    await stateDict(path.join(folder, 'pytorch'), 'digits.safetensors');
    await workbench.openFile('pytorch/digits.safetensors');
    const panel = await ModelPanel.inView(workbench);
    await panel.select('conv3');
    await panel.waitForTiles(10);
    await vscode.current.screenshot('weights-only-light');
    await close();
  });
});
