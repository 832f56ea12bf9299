// The child process: core behind one RPC interface. Started by the extension with `fork`, ends with its parent.
import { createBirpc } from 'birpc';
import { classify } from '../core/classify.ts';
import { summarize } from '../core/inspect.ts';
import { previews } from '../core/previews.ts';
import { runMethod } from '../core/run.ts';
import { describeMethod, VISUALIZERS } from '../core/visualizers/index.ts';
import type { WorkerApi, WorkerEvents } from '../protocol/worker.ts';
import { Models } from './models.ts';
import { throttled } from './progress.ts';
import { Queue } from './queue.ts';
import { reply } from './reply.ts';
import { thumbnails } from './thumbnails.ts';

const models = new Models();
const queue = new Queue();
/** Calls without an id of their own take their turn too; the extension's ids are positive. */
let unnamed = 0;

const api: WorkerApi = {
  open: (model, options) => reply(() => queue.add(--unnamed, async () => summarize(await models.get(model, options)))),
  methods: () => reply(() => VISUALIZERS.map(describeMethod)),
  classify: (id, model, image, options) =>
    reply(() => queue.add(id, async (signal) => classify(await models.get(model, options), image, signal))),
  previews: (id, model, image, options) =>
    reply(() => queue.add(id, async (signal) => previews(await models.get(model, options), image, signal))),
  run: (id, request) =>
    reply(() =>
      queue.add(id, async (signal) => {
        const send = throttled((progress) => void events.progress(id, progress));
        const run = runMethod(await models.get(request.model, request.options), request, signal);
        for (;;) {
          const step = await run.next();
          if (step.done) return step.value;
          send(step.value);
          await turn();
        }
      }),
    ),
  thumbnails: (id, request) =>
    reply(() =>
      queue.add(id, async (signal) => {
        const send = throttled((progress) => void events.progress(id, progress));
        return thumbnails(await models.get(request.model, request.options), request, signal, send);
      }),
    ),
  cancel: async (id) => queue.cancel(id),
  close: (model) => models.close(model),
};

const events = createBirpc<WorkerEvents, WorkerApi>(api, {
  post: (message) => process.send?.(message),
  on: (receive) => process.on('message', receive),
  timeout: -1,
  eventNames: ['progress', 'log'],
});

/** Lets messages in between two steps: a cancel acts at the next one. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

process.on('disconnect', () => process.exit());
