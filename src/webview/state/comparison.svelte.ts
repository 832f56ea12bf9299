/* eslint-disable svelte/prefer-svelte-reactivity -- the map is replaced as a whole */
import { passesOf } from '../logic/methods.ts';
import type { Asked } from '../logic/sides.ts';
import type { Panel } from './panel.svelte.ts';
import type { Run } from './runs.svelte.ts';

/**
 * What several methods say of the same image and class, or what is said of their maps: one runs after the other, the quick
 * ones first; each shows what it has.
 */
export class Comparison {
  /** By what names the map, with what names the run. */
  #runs = $state.raw<ReadonlyMap<string, { readonly key: string; readonly run: Run }>>(new Map());
  #total = $state(0);
  #turn = 0;

  constructor(
    private readonly panel: Panel,
    private readonly slot: string,
  ) {}

  readonly done = $derived([...this.#runs.values()].filter(({ run }) => run.status !== 'running').length);
  readonly running = $derived(this.done < this.#total);

  get total(): number {
    return this.#total;
  }

  /** As it is asked for now: of another image or class there is none. */
  run({ id, request }: Asked): Run | undefined {
    const known = this.#runs.get(id);
    return known?.key === this.panel.asking.keyOf(request) ? known.run : undefined;
  }

  /** Shows these maps; what is there already is not computed again, and what still runs goes on. */
  async show(maps: readonly Asked[]): Promise<void> {
    const turn = ++this.#turn;
    const asked = maps
      .toSorted((a, b) => passesOf(a.method) - passesOf(b.method))
      .map(({ id, request }) => ({ id, request, key: this.panel.asking.keyOf(request) }));
    const before = [...this.#runs.values()];
    const known = asked.flatMap(({ id, key }) => {
      const run =
        before.find((one) => one.key === key && isWorthKeeping(one.run))?.run ?? this.panel.runs.finished(key);
      return run ? [[id, { key, run }] as const] : [];
    });
    this.#runs = new Map(known);
    this.#total = asked.length;
    const going = before.find(({ run }) => run.status === 'running');
    if (going && !known.some(([, { run }]) => run === going.run)) this.panel.runs.cancel(this.slot);
    else await going?.run.settled;
    for (const { id, key, request } of asked) {
      if (turn !== this.#turn) return;
      if (this.#runs.has(id)) continue;
      const run = this.panel.runs.start(this.slot, key, request);
      this.#runs = new Map([...this.#runs, [id, { key, run }]]);
      await run.settled;
    }
  }

  /** Ends what runs, and begins nothing more; what is there stays. */
  cancel(): void {
    this.#turn++;
    this.#total = this.#runs.size;
    this.panel.runs.cancel(this.slot);
  }
}

/** What was cancelled is tried again, and what failed, unless the method can't answer this question at all. */
const isWorthKeeping = ({ status, failure }: Run): boolean =>
  status === 'done' || status === 'running' || (status === 'failed' && failure?.kind === 'usage');
