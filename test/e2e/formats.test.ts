import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasShared, needsShared, photo, sharedModel } from '../support/shared.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { ModelPanel } from '../support/vscode/panel.ts';
import { stateDict } from '../support/weight-files.ts';
import { PROJECT } from '../support/vscode/start.ts';
import { session } from './session.ts';

const vscode = session({ add: { exported: path.join(PROJECT, 'test/fixtures/tensorflow/saved') } });
const squeezenet = (name: string) => sharedModel('squeezenet10-deepcomp', name);

/** PyTorch code of the sample's network, with the weights in a file of its own. */
const CODE = `import torch
import torch.nn as nn
from safetensors.torch import load_file


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 5),
            nn.ReLU(),
        )
        self.conv2 = nn.Conv2d(16, 32, 5)


model = Digits()
model.load_state_dict(load_file('pytorch/digits.safetensors'))
`;

const add = (name: string, content: string | Uint8Array) =>
  writeFileSync(path.join(vscode.current.folder, name), content);

describe('weights without their network: .safetensors', () => {
  let panel: ModelPanel;

  beforeAll(async () => {
    const { workbench, folder } = vscode.current;
    await stateDict(path.join(folder, 'pytorch'), 'digits.safetensors');
    add('torch_digits.py', CODE);
    await workbench.openFile('pytorch/digits.safetensors');
    panel = await ModelPanel.inView(workbench);
  });

  it('are a list of layers with their filters, and a tab for these alone', async () => {
    const names = await panel.layers().evaluateAll((items) => items.map((item) => item.getAttribute('data-name')));
    expect(names).toEqual(['conv2', 'conv3', 'digits', 'features.0', 'hidden']);
    await panel.select('features.0');
    await panel.waitForTiles(16);
    expect(await panel.tabs().allTextContents()).toEqual(['Filters']);
    expect(await panel.button(/^Image/).count()).toBe(0);
    await vscode.current.screenshot('weights-only');
  });

  it('say what is missing, with the Python that makes it', async () => {
    const banner = panel.frame.getByRole('complementary', { name: 'What is missing' });
    await banner.filter({ hasText: "The file has weights alone, not the network's graph" }).waitFor();
    await banner.getByRole('button', { name: 'Copy the Python' }).click();
    await expect
      .poll(() => vscode.current.page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(
        /^import torch; .*load_file\('digits\.safetensors'\).*\ntorch\.onnx\.export\(model, .*'digits\.onnx'\)$/,
      );
  });

  it('are what PyTorch code means: a lens over each layer shows its filters', async () => {
    const { workbench } = vscode.current;
    await workbench.runCommand('View: Close All Editors');
    await workbench.openFile('torch_digits.py');
    await expect
      .poll(() => workbench.codeLenses().allTextContents())
      .toEqual(['Visualize this layer', 'Filters', 'Visualize this layer', 'Filters']);
    const hover = await workbench.hoverText('conv2');
    await hover.getByRole('link', { name: 'Show filters' }).waitFor();
    await workbench.clickCodeLens('Filters', 0);
    const beside = await ModelPanel.inView(workbench);
    await beside.selected('features.0').waitFor();
    await beside.waitForTiles(16);
    await vscode.current.screenshot('weights-only-code');
    await workbench.runCommand('View: Close All Editors');
  });
});

describe('TensorFlow', () => {
  it('the folder of a SavedModel opens by right-click, also one that has come since', async () => {
    const { workbench, page, folder } = vscode.current;
    renameSync(path.join(folder, 'exported'), path.join(folder, 'moved'));
    await eventually(async () => {
      await (await workbench.explorerRow('moved')).click({ button: 'right' });
      const offered = workbench.menuItem('Layerscope: Inspect Model').waitFor({ timeout: 1000 });
      await offered.finally(() => page.keyboard.press('Escape'));
    });
    await workbench.explorerContextMenu('moved', 'Layerscope: Inspect Model');
    const panel = await ModelPanel.inView(workbench);
    await panel.title().filter({ hasText: 'saved_model.pb' }).waitFor();
    await panel.waitForTiles(3);
    await vscode.current.screenshot('saved-model');
    await workbench.runCommand('View: Close All Editors');
  });

  it('digits.h5, which others open too, by right-click', async () => {
    const { workbench } = vscode.current;
    await workbench.explorerContextMenu('digits.h5', 'Layerscope: Inspect Model');
    const panel = await ModelPanel.inView(workbench);
    await panel.waitForPrediction('eight');
    await workbench.runCommand('View: Close All Editors');
  });
});

describe('Caffe', () => {
  it.skipIf(!hasShared)(`a .caffemodel with its .prototxt beside it: SqueezeNet${needsShared}`, async () => {
    const { workbench, folder } = vscode.current;
    copyFileSync(squeezenet('squeezenet10.caffemodel'), path.join(folder, 'squeezenet10.caffemodel'));
    copyFileSync(squeezenet('original/SqueezeNet_deploy.prototxt'), path.join(folder, 'deploy.prototxt'));
    copyFileSync(photo('zebra.jpg'), path.join(folder, 'images/zebra.jpg'));
    await workbench.openFile('squeezenet10.caffemodel');
    const panel = await ModelPanel.inView(workbench);
    await panel.waitForPictures(5);
    await panel.waitForTiles(1);
    await panel.chooseImage('zebra.jpg');
    await panel.waitForPrediction('zebra');
    await panel.waitForPictures(10);
    await panel.select('conv1');
    await panel.openTab('Filters');
    await panel.waitForTiles(20);
    await vscode.current.screenshot('caffe');
    await workbench.runCommand('View: Close All Editors');
  });

  it('a network as text has a lens at its top that opens it, and others over its layers', async () => {
    const { workbench, folder } = vscode.current;
    mkdirSync(path.join(folder, 'caffe'));
    add('caffe/tiny.prototxt', TINY);
    await workbench.openFile('caffe/tiny.prototxt');
    await expect.poll(() => workbench.codeLenses().allTextContents()).toContain('Inspect Model');
    await vscode.current.screenshot('prototxt-lens');
    await workbench.clickCodeLens('Inspect Model');
    const panel = await ModelPanel.inView(workbench);
    await panel.layer('conv1').waitFor();
    const banner = panel.frame.getByRole('complementary', { name: 'What is missing' });
    await banner.filter({ hasText: 'There are no weights for it' }).waitFor();
    await vscode.current.screenshot('prototxt');
    await workbench.runCommand('View: Close All Editors');
  });

  it('a solver’s settings have none', async () => {
    const { workbench } = vscode.current;
    add('solver.prototxt', 'net: "train.prototxt"\nbase_lr: 0.01\n');
    await workbench.openFile('solver.prototxt');
    await workbench.waitForIdle();
    expect(await workbench.codeLenses().count()).toBe(0);
  });
});

const TINY = `name: "tiny"
layer {
  name: "data"
  type: "Input"
  top: "data"
  input_param { shape { dim: 1 dim: 3 dim: 32 dim: 32 } }
}
layer {
  name: "conv1"
  type: "Convolution"
  bottom: "data"
  top: "conv1"
  convolution_param { num_output: 8 kernel_size: 3 }
}
`;
