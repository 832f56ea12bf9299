import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { codePlace } from '../../../src/extension/code/place.ts';
import { COMMANDS, type ThumbnailArguments } from '../../../src/extension/commands.ts';
import { eventually, fileUri, hoverAt, layerscope, lenses, lensesAt, openText } from './workspace.ts';

const ALL = ['Visualize this layer', 'Filters', 'Activations'];

describe('code', () => {
  it('has lenses over each layer, those that fit the layer once the model is known', async () => {
    const document = await openText('digits.py');
    await eventually(async () => {
      assert.deepEqual(await lensesAt(document, 'Conv2D(16'), ALL);
      assert.deepEqual(await lensesAt(document, 'MaxPooling2D(2, name="pool1"'), [ALL[0], ALL[2]]);
    });
    assert.deepEqual(await lensesAt(document, 'import sys'), []);
  });

  it('keeps its lenses while a line is half written', async () => {
    const document = await openText('digits.py');
    const before = (await lenses(document)).length;
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.lineAt(document.lineCount - 1).range.end, '\nx = Conv2D(3, name="new');
    await vscode.workspace.applyEdit(edit);
    assert.equal((await lenses(document)).length, before);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('has no lenses where the setting says so', async () => {
    const document = await openText('digits.py');
    const settings = vscode.workspace.getConfiguration('layerscope');
    await settings.update('codeLens', false, vscode.ConfigurationTarget.Workspace);
    assert.deepEqual(await lenses(document), []);
    await settings.update('codeLens', undefined, vscode.ConfigurationTarget.Workspace);
    assert.notDeepEqual(await lenses(document), []);
  });

  it('a hover computes nothing, then shows what has been computed', async () => {
    const document = await openText('digits.py');
    const before = await hoverAt(document, '"conv1"');
    assert.match(before, /\*\*conv1\*\* · Conv2D · 16 × 24 × 24 · 416 parameters · receptive field 5 × 5/);
    assert.doesNotMatch(before, /data:image/);
    const [, link] = /command:layerscope\.computeThumbnails\?([^)]+)\)/.exec(before) ?? [];
    const [argument] = JSON.parse(decodeURIComponent(link!)) as [ThumbnailArguments];
    assert.equal(argument.layer, 'conv1');
    await vscode.commands.executeCommand(COMMANDS.computeThumbnails, argument);
    const after = await hoverAt(document, '"conv1"');
    const pictures = /!\[What (\d) prefers\]\(data:image\/jpeg;base64,[\w+/=]+\\\|width=\d+,height=\d+\)/g;
    assert.deepEqual(
      Array.from(after.matchAll(pictures), ([, channel]) => channel),
      [...'012345678'],
    );
    assert.doesNotMatch(after, /computeThumbnails/);
    assert.ok(after.length < 100_000, `${after.length} characters`);
    assert.equal(await hoverAt(document, 'import sys'), '');
  });

  it('a model.json is itself the model', async () => {
    const document = await openText('digits-tfjs/model.json');
    const titles = (await lenses(document)).map(({ command }) => command!.title);
    assert.equal(titles[0], 'Inspect Model');
    assert.match(await hoverAt(document, '"conv1"'), /\*\*conv1\*\* · Conv2D · 16 × 24 × 24/);
  });

  it('finds the model by the setting first', async () => {
    const settings = vscode.workspace.getConfiguration('layerscope', fileUri('.'));
    await settings.update('models', { 'digits.onnx': { code: ['*.py'] } }, vscode.ConfigurationTarget.Workspace);
    const document = await openText('digits.py');
    assert.match(await hoverAt(document, '"conv1"'), /\*\*conv1\*\* · Conv · .*digits\\\.onnx/s);
    await settings.update('models', undefined, vscode.ConfigurationTarget.Workspace);
    assert.match(await hoverAt(document, '"conv1"'), /\*\*conv1\*\* · Conv2D · .*digits\\\.h5/s);
  });

  it('a lens opens the panel at its layer', async () => {
    const document = await openText('digits.py');
    const { line } = document.positionAt(document.getText().indexOf('Conv2D(32'));
    const lens = (await lenses(document)).find(({ range }) => range.start.line === line)!;
    await vscode.commands.executeCommand(lens.command!.command, ...lens.command!.arguments!);
    const { panels } = await layerscope();
    await eventually(() => assert.ok(panels.all.find(({ stands, model }) => stands && model.endsWith('digits.h5'))));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.deepEqual(panels.all, []);
  });

  it('knows where the workspace defines a layer', async () => {
    const model = fileUri('digits.h5').fsPath;
    const opened = await (await layerscope()).services.worker.open(model);
    assert.ok(opened.ok);
    const place = await codePlace('conv2', model, opened.value.layers);
    const lines = (await vscode.workspace.openTextDocument(place!.file)).getText().split('\n');
    assert.match(lines[place!.line - 1]!, /name="conv2"/);
    assert.equal(await codePlace('nothing', model, opened.value.layers), undefined);
  });
});
