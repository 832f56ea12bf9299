import { Gate } from '../../src/core/gate.ts';
import { LayerscopeError } from '../../src/core/errors.ts';
import { classify } from '../../src/core/classify.ts';
import { compareModels } from '../../src/core/comparison/compare.ts';
import { connections } from '../../src/core/connections/connections.ts';
import { summarize } from '../../src/core/inspect.ts';
import { liveFrame } from '../../src/core/live/frame.ts';
import { previews } from '../../src/core/previews.ts';
import { makeReport } from '../../src/core/report/index.ts';
import { runMethod } from '../../src/core/run.ts';
import type { Session } from '../../src/core/session.ts';
import { describeMethod, VISUALIZERS } from '../../src/core/visualizers/index.ts';
import type { ImageChoice, PanelApi, PanelHostApi, PanelState } from '../../src/protocol/panel.ts';
import { comparisonWithoutArrays } from '../../src/worker/progress.ts';
import type { Reply } from '../../src/protocol/worker.ts';

interface HostOptions {
  readonly session: Session;
  /** The model that it is compared with. */
  readonly other?: Session;
  readonly images: readonly ImageChoice[];
  readonly state?: Partial<PanelState>;
  /** What the panel asked for, for tests to look at. */
  readonly said?: string[];
}

const methods = VISUALIZERS.map(describeMethod);

/** At most so many partial results a second. */
const THROTTLE = 150;

/** The panel's host with the core in this process: no editor, no child process. */
export function panelHost(
  { session, other = session, images, state, said = [] }: HostOptions,
  panel: () => PanelApi,
): PanelHostApi {
  const running = new Map<number, AbortController>();
  const gates = new Map<number, Gate>();

  async function reply<T>(id: number, work: (signal: AbortSignal) => Promise<T>): Promise<Reply<T>> {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      return { ok: true, value: await work(controller.signal) };
    } catch (error) {
      if (error instanceof LayerscopeError) return { ok: false, kind: error.kind, message: error.message };
      return { ok: false, kind: 'defect', message: error instanceof Error ? error.message : String(error) };
    } finally {
      running.delete(id);
    }
  }

  return {
    ready: () =>
      reply(0, async () => ({ model: summarize(session), methods, state: { model: session.model.file, ...state } })),
    images: async () => images,
    pickImage: async () => images[0],
    classify: (id, image) => reply(id, (signal) => classify(session, image, signal)),
    previews: (id, image) => reply(id, (signal) => previews(session, image, signal)),
    connections: (layer, unit) => reply(0, async () => connections(session, layer, unit)),
    live: (id, layer, frame) => reply(id, (signal) => liveFrame(session, layer, frame, signal)),
    compare: (id, request) =>
      reply(id, async (signal) => {
        const steps = compareModels(session, other, { ...request, model: session.model.file }, signal);
        for (;;) {
          const step = await steps.next();
          if (step.done) return comparisonWithoutArrays(step.value);
        }
      }),
    pickModel: async () => other.model.file,
    run: (id, request) =>
      reply(id, async (signal) => {
        const gate = new Gate();
        gates.set(id, gate);
        const steps = runMethod(session, { ...request, model: session.model.file }, signal, gate);
        let last = 0;
        for (;;) {
          const step = await steps.next();
          if (step.done) return step.value;
          const now = performance.now();
          const { done, total, partial } = step.value;
          if (now - last > THROTTLE && done < total) {
            last = now;
            panel().progress(id, { done, total, partial });
          }
          await new Promise((resolve) => setImmediate(resolve)); // so that a cancel is heard
          await gate.passed();
        }
      }),
    cancel: async (id) => {
      running.get(id)?.abort();
      gates.get(id)?.resume();
    },
    pause: async (id, paused) => (paused ? gates.get(id)?.pause() : gates.get(id)?.resume()),
    restart: async () => panel().restarted(),
    saveReport: (id, report) =>
      reply(id, async (signal) => {
        const steps = makeReport(session, { ...report, model: session.model.file }, signal);
        let step = await steps.next();
        for (; !step.done; step = await steps.next()) {
          panel().progress(id, step.value);
          await new Promise((resolve) => setImmediate(resolve));
        }
        said.push(`report ${step.value.html}`);
        return 'report.html';
      }),
    savePicture: async (name, file) => void said.push(`save ${name} ${file.length}`),
    openGallery: async (layer) => void said.push(`gallery ${layer}`),
    copyText: async (text) => void said.push(`copy ${text}`),
    commandLine: async ({ method, layer, unit }) =>
      ['layerscope run', method, layer && `--layer ${layer}`, unit && `--unit ${unit}`].filter(Boolean).join(' '),
    codePlace: async (layer) =>
      layer.startsWith('fire') || layer.startsWith('conv') ? { file: '/model/train.py', line: 41 } : undefined,
    openCode: async ({ file, line }) => void said.push(`open ${file}:${line}`),
    describe: (options) =>
      reply(0, async () => {
        said.push(`describe ${JSON.stringify(options)}`);
        return summarize(session);
      }),
    showLog: async () => void said.push('log'),
  };
}
