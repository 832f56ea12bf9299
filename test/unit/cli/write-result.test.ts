import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describe as described, writeCancelled } from '../../../src/cli/write-result.ts';
import type { RunRequest } from '../../../src/core/request.ts';
import { runMethod } from '../../../src/core/run.ts';
import { classModel } from '../../../src/core/visualizers/class-model.ts';
import { tinyNetwork } from '../visualizers/tiny-network.ts';

const REQUEST: RunRequest = {
  method: 'class-model',
  model: 'tiny',
  target: 'dog',
  params: { steps: '2', of: 'score' },
};

describe('result.json', () => {
  it('says of each picture what it is for', async () => {
    const run = runMethod(await tinyNetwork(), REQUEST, new AbortController().signal);
    let step = await run.next();
    while (!step.done) step = await run.next();
    expect(described(step.value)).toMatchObject({
      kind: 'images',
      target: 1,
      targetLabel: 'dog',
      parameters: { steps: 2, of: 'score', lambda: 1 },
      pictures: [{ unit: 1, label: 'dog' }],
    });
  });

  it('has every parameter of a run that was cancelled before anything was finished', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'layerscope-'));
    const session = await tinyNetwork();
    await writeCancelled(folder, session, REQUEST);
    expect(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'))).toMatchObject({
      method: 'class-model',
      sha256: session.model.sha256,
      target: 'dog',
      parameters: { steps: 2, of: 'score', rate: classModel.params.rate.default, lambda: 1 },
      seed: 0,
      engine: session.engine.id,
      partial: true,
      files: [],
    });
  });
});
