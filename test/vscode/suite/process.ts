import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fileUri, layerscope } from './workspace.ts';

describe('the child process', () => {
  it('tells what a model is', async () => {
    const { services } = await layerscope();
    const reply = await services.worker.open(fileUri('digits.h5').fsPath);
    assert.ok(reply.ok, JSON.stringify(reply));
    assert.equal(reply.value.classes, 10);
    assert.deepEqual(
      reply.value.layers.map(({ name }) => name),
      ['image', 'conv1', 'pool1', 'conv2', 'pool2', 'conv3', 'flatten', 'hidden', 'digits'],
    );
  });

  it('classifies a digit', async () => {
    const { services } = await layerscope();
    const reply = await services.worker.classify(fileUri('digits.h5').fsPath, {
      path: fileUri('images/seven.png').fsPath,
    });
    assert.ok(reply.ok, JSON.stringify(reply));
    assert.equal(reply.value.top[0]!.label, 'seven');
  });

  it('stops a long run within a second of its cancelling', async () => {
    const { services } = await layerscope();
    const abort = new AbortController();
    const seen: number[] = [];
    const running = services.worker.run(
      {
        method: 'activation-maximisation',
        model: fileUri('digits.h5').fsPath,
        layer: 'conv3',
        unit: '0-47',
        params: { steps: 2048 },
      },
      {
        signal: abort.signal,
        onProgress: ({ done }) => {
          seen.push(done);
          if (seen.length === 5) abort.abort();
        },
      },
    );
    await new Promise<void>((resolve) => abort.signal.addEventListener('abort', () => resolve()));
    const pid = services.worker.pid;
    const cancelled = performance.now();
    const reply = await running;
    assert.ok(performance.now() - cancelled < 1000, `${performance.now() - cancelled} ms`);
    assert.ok(reply.ok ? reply.value.provenance.partial : reply.kind === 'cancelled', JSON.stringify(reply));
    assert.equal(services.worker.pid, pid);
  });

  it('that crashes is said, and started again', async () => {
    const { services } = await layerscope();
    await services.worker.open(fileUri('digits.h5').fsPath);
    const crash = new Promise<string>((resolve) => services.onDidCrash(resolve));
    const before = services.worker.pid!;
    process.kill(before, 'SIGKILL');
    assert.match(await crash, /Restart/);
    await services.restartWorker();
    const reply = await services.worker.open(fileUri('digits.h5').fsPath);
    assert.ok(reply.ok);
    assert.notEqual(services.worker.pid, before);
  });
});
