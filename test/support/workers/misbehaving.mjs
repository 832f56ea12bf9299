// A child process for tests of its client: what it does is named by the model it is asked for.
import { createBirpc } from 'birpc';

const never = new Promise(() => {});
const rpc = createBirpc(
  {
    open: async (model) => {
      if (model === 'exit') process.exit(7);
      if (model === 'kill') process.kill(process.pid, 'SIGKILL');
      if (model === 'hang') return never;
      return { ok: true, value: { file: model, pid: process.pid } };
    },
    run: async (id, { method }) => {
      for (let done = 1; done <= 3; done++) await rpc.progress(id, { done, total: 3 });
      if (method === 'busy') for (;;);
      if (method === 'hang') return never;
      return { ok: true, value: method };
    },
    cancel: async () => {},
  },
  { post: (message) => process.send(message), on: (receive) => process.on('message', receive), timeout: -1 },
);
