// The child process: core behind one RPC interface. Started by the extension with `fork`, ends with its parent.
import { createBirpc } from 'birpc';
import { classify } from '../core/classify.ts';
import { compareModels } from '../core/comparison/compare.ts';
import { connections } from '../core/connections/connections.ts';
import { summarize } from '../core/inspect.ts';
import { liveFrame } from '../core/live/frame.ts';
import { openSession } from '../core/open.ts';
import { previews } from '../core/previews.ts';
import { makeReport } from '../core/report/index.ts';
import type { OpenOptions, Progress } from '../core/request.ts';
import { runMethod } from '../core/run.ts';
import type { Session } from '../core/session.ts';
import { describeMethod, VISUALIZERS } from '../core/visualizers/index.ts';
import type { Reply, WorkerApi, WorkerEvents } from '../protocol/worker.ts';
import { allThumbnails, gallery, strengths, tiles } from './gallery.ts';
import { Models } from './models.ts';
import { comparisonWithoutArrays, throttled, withoutArrays } from './progress.ts';
import { Queue, type Length } from './queue.ts';
import { reply } from './reply.ts';
import { thumbnails, type Course } from './thumbnails.ts';

const places = { cacheFolder: process.env['LAYERSCOPE_CACHE'] };
const models = new Models((file, options) => openSession(file, options, places));
const queue = new Queue();
/** Calls without an id of their own take their turn too; the extension's ids are positive. */
let unnamed = 0;

/** Of methods that run the network once, for whom nobody should wait long. */
const ONCE = new Set(['filters', 'activations', 'predictions', 'saliency']);
const lengthOf = (method: string): Length => (ONCE.has(method) ? 'short' : 'long');

/** Drives a run to its end: progress out, messages and short calls in between two steps. */
async function drive<T>(id: number, run: AsyncGenerator<Progress, T>): Promise<T> {
  const send = throttled((progress) => void events.progress(id, progress));
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value;
    send(step.value);
    await queue.step(id);
  }
}

/** What can be cancelled and paused, with an opened model. */
const withModel = <R extends { readonly model: string; readonly options?: OpenOptions | undefined }, T>(
  id: number,
  length: Length,
  request: R,
  work: (session: Session, request: R, course: Course) => Promise<T>,
): Promise<Reply<T>> =>
  reply(() =>
    queue.add(id, length, (signal, gate) =>
      models.use(request.model, request.options, (session) =>
        work(session, request, { signal, gate, drive: (run) => drive(id, run) }),
      ),
    ),
  );

const api: WorkerApi = {
  open: (model, options) => reply(() => queue.add(--unnamed, 'short', () => models.use(model, options, summarize))),
  methods: () => reply(() => VISUALIZERS.map(describeMethod)),
  classify: (id, model, image, options) =>
    reply(() =>
      queue.add(id, 'short', (signal) => models.use(model, options, (session) => classify(session, image, signal))),
    ),
  previews: (id, model, image, options) =>
    reply(() =>
      queue.add(id, 'short', (signal) => models.use(model, options, (session) => previews(session, image, signal))),
    ),
  connections: (model, layer, unit, options) =>
    reply(() =>
      queue.add(--unnamed, 'short', () => models.use(model, options, (session) => connections(session, layer, unit))),
    ),
  live: (id, model, layer, frame, options) =>
    reply(() =>
      queue.add(id, 'short', (signal) =>
        models.use(model, options, (session) => liveFrame(session, layer, frame, signal)),
      ),
    ),
  compare: (id, request, options) =>
    reply(() =>
      queue.add(id, 'long', (signal) =>
        models.use(request.model, request.options, (session) =>
          models.use(request.with ?? request.model, options, async (other) =>
            comparisonWithoutArrays(await drive(id, compareModels(session, other, request, signal))),
          ),
        ),
      ),
    ),
  run: (id, request) =>
    reply(() =>
      queue.add(id, lengthOf(request.method), (signal, gate) =>
        models.use(request.model, request.options, async (session) => {
          const { result, provenance } = await drive(id, runMethod(session, request, signal, gate));
          return { result: withoutArrays(result), provenance };
        }),
      ),
    ),
  report: (id, request) =>
    reply(() =>
      queue.add(id, 'long', (signal) =>
        models.use(request.model, request.options, async (session) => {
          const { html } = await drive(id, makeReport(session, request, signal));
          return html;
        }),
      ),
    ),
  thumbnails: (id, request) => withModel(id, request.cachedOnly ? 'short' : 'long', request, thumbnails),
  tiles: (id, request) => withModel(id, request.compute ? 'page' : 'short', request, tiles),
  strengths: (id, model, layer, image, options) => withModel(id, 'short', { model, options, layer, image }, strengths),
  allThumbnails: (id, request) => withModel(id, 'background', request, allThumbnails),
  gallery: (id, request) => withModel(id, 'page', request, gallery),
  cancel: async (id) => queue.cancel(id),
  pause: async (id, paused) => queue.pause(id, paused),
  close: async (model) => models.close(model),
};

const events = createBirpc<WorkerEvents, WorkerApi>(api, {
  post: (message) => process.send?.(message),
  on: (receive) => process.on('message', receive),
  timeout: -1,
  eventNames: ['progress', 'log'],
});

process.on('disconnect', () => process.exit());
