// Property tests draw the same cases in each run, so that a failure is one of the change at hand. Other cases:
// `LAYERSCOPE_SEED=7 LAYERSCOPE_RUNS=5000 npx vitest run damage`.
import fc from 'fast-check';

const { LAYERSCOPE_SEED: seed = '20261121', LAYERSCOPE_RUNS: runs } = process.env;
fc.configureGlobal({ seed: Number(seed), includeErrorInReport: true, ...(runs && { numRuns: Number(runs) }) });
