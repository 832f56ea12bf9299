import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { COMMANDS } from '../../../src/extension/commands.ts';
import { extension, layerscope } from './workspace.ts';

describe('activation', () => {
  it('takes less than 100 ms: its code, read anew', () => {
    const file = path.join(extension().extensionPath, 'dist/extension.cjs');
    const load = createRequire(file);
    delete load.cache[file];
    const started = performance.now();
    load(file);
    const milliseconds = performance.now() - started;
    console.log(`      ${milliseconds.toFixed(0)} ms`);
    assert.ok(milliseconds < 100, `${milliseconds} ms`);
  });

  it('starts no process', async () => {
    const { services } = await layerscope();
    assert.equal(services.worker.pid, undefined);
  });

  it('registers every command that it contributes', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    for (const command of Object.values(COMMANDS)) assert.ok(registered.has(command), command);
  });
});
