import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    setupFiles: ['test/support/properties.ts'],
    testTimeout,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 15_000 } },
  },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 60_000),
      project('acceptance', 120_000),
      project('vscode', 180_000),
      project('e2e', 180_000),
    ],
    maxWorkers: 2,
    fileParallelism: true,
  },
});
