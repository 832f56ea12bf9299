import { afterAll, afterEach, beforeAll } from 'vitest';
import { openSamples, type SamplesOptions } from '../support/vscode/samples.ts';

export type Session = Awaited<ReturnType<typeof openSamples>>;

/** One window on the sample workspace for all tests of a file; what is on screen when a test fails is kept. */
export function session(options: SamplesOptions = {}): { readonly current: Session } {
  let current: Session | undefined;
  beforeAll(async () => {
    current = await openSamples(options);
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await current?.screenshot(`failure-${task.name.replace(/\W+/g, '-')}`);
  });
  afterAll(() => current?.stop());
  return {
    get current() {
      if (!current) throw new Error('VS Code has not started');
      return current;
    },
  };
}
