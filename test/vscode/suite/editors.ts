import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { COMMANDS, EDITOR_VIEWS, PANEL_VIEW } from '../../../src/extension/commands.ts';
import { eventually, fileUri, layerscope } from './workspace.ts';

const activeInput = () => vscode.window.tabGroups.activeTabGroup.activeTab?.input;
const standing = async (name: string) => {
  const { panels } = await layerscope();
  return eventually(() => {
    const panel = panels.all.find(({ model, stands }) => stands && model.endsWith(name));
    assert.ok(panel, `${name} stands`);
    return panel;
  });
};

describe('editors', () => {
  it('digits.onnx opens in the readonly editor', async () => {
    await vscode.commands.executeCommand('vscode.open', fileUri('digits.onnx'), { preview: false });
    const input = activeInput();
    assert.ok(input instanceof vscode.TabInputCustom && input.viewType === EDITOR_VIEWS.own);
    await standing('digits.onnx');
  });

  it('digits.h5, which others open too, does when it is inspected', async () => {
    await vscode.commands.executeCommand(COMMANDS.inspectModel, fileUri('digits.h5'));
    await standing('digits.h5');
    const input = activeInput();
    assert.ok(input instanceof vscode.TabInputCustom && input.viewType === EDITOR_VIEWS.shared);
  });

  it('inspecting a file that is open shows the same editor', async () => {
    const { panels } = await layerscope();
    const before = panels.all.length;
    await vscode.commands.executeCommand(COMMANDS.inspectModel, fileUri('digits.onnx'));
    assert.equal(panels.all.length, before);
    await eventually(() => {
      const input = activeInput();
      assert.ok(input instanceof vscode.TabInputCustom && input.uri.path.endsWith('digits.onnx'));
    });
  });

  it('a model.json opens in a panel, and stays JSON by a click', async () => {
    await vscode.commands.executeCommand(COMMANDS.inspectModel, fileUri('digits-tfjs/model.json'));
    await eventually(() => {
      const input = activeInput();
      assert.ok(input instanceof vscode.TabInputWebview && input.viewType.endsWith(PANEL_VIEW));
    });
    await standing('model.json');
    await vscode.commands.executeCommand('vscode.open', fileUri('digits-tfjs/model.json'));
    assert.ok(activeInput() instanceof vscode.TabInputText);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
