import { LayerscopeError } from '../errors.ts';
import type { Graph } from '../graph/graph.ts';
import type { CompileOptions, Engine, EngineId, Executable } from './engine.ts';
import { checkFits } from './fits.ts';

/** An engine that may be loaded. */
export interface Candidate {
  readonly id: EngineId;
  /** Rejects with an engine error. */
  load(): Promise<Engine>;
}

/**
 * Several engines as one: the first that loads runs everything; where it fails, the next one takes over and a notice says
 * so. A program that is refused runs on another engine alone; after a failure while running (the device was lost, memory
 * ran out) all programs do. Where the others fail too it was the program's fault: the first one's error is thrown.
 */
export class FallbackEngine implements Engine {
  readonly notices: string[];
  readonly #candidates: readonly Candidate[];
  #at: number;
  #running: Engine;

  private constructor(candidates: readonly Candidate[], at: number, running: Engine, notices: string[]) {
    this.#candidates = candidates;
    this.#at = at;
    this.#running = running;
    this.notices = notices;
  }

  /** Rejects with the first one's engine error where none loads. */
  static async start(candidates: readonly Candidate[], notices: readonly string[] = []): Promise<FallbackEngine> {
    let failure: unknown;
    for (const [at, { load }] of candidates.entries())
      try {
        const engine = await load();
        const told = failure === undefined ? [] : [notice(failure, engine)];
        return new FallbackEngine(candidates, at, engine, [...notices, ...told]);
      } catch (error) {
        failure ??= error;
      }
    throw failure;
  }

  get id(): EngineId {
    return this.#running.id;
  }

  get version(): string {
    return this.#running.version;
  }

  get lanes(): number {
    return this.#running.lanes ?? 1;
  }

  async compile(graph: Graph, options?: CompileOptions): Promise<Executable> {
    checkFits(graph);
    const first = this.#at;
    try {
      return this.#guarded(graph, options, await this.#running.compile(graph, options), first);
    } catch (error) {
      const { program, engine, at } = await this.#next(error, first, (next) => next.compile(graph, options));
      this.#tell(error, engine);
      return this.#guarded(graph, options, program, at);
    }
  }

  /** The program, which the next engines take over when it fails. */
  #guarded(graph: Graph, options: CompileOptions | undefined, program: Executable, at: number): Executable {
    let [running, place] = [program, at];
    return {
      compileTime: program.compileTime,
      run: async (feeds, fetches) => {
        try {
          return await running.run(feeds, fetches);
        } catch (error) {
          const found = await this.#next(error, place, async (next) => {
            const other = await next.compile(graph, options);
            try {
              return { other, result: await other.run(feeds, fetches) };
            } catch (again) {
              await other.dispose();
              throw again;
            }
          });
          const { other, result } = found.program;
          this.#tell(error, found.engine);
          await running.dispose().catch(() => {});
          [running, place] = [other, found.at];
          if (found.at > this.#at) [this.#at, this.#running] = [found.at, found.engine];
          return result;
        }
      },
      dispose: () => running.dispose(),
    };
  }

  async #next<T>(failure: unknown, after: number, attempt: (engine: Engine) => Promise<T>) {
    if (!(failure instanceof LayerscopeError) || failure.kind !== 'engine') throw failure;
    for (let at = after + 1; at < this.#candidates.length; at++)
      try {
        const engine = await this.#candidates[at]!.load();
        return { program: await attempt(engine), engine, at };
      } catch (error) {
        if (!(error instanceof LayerscopeError)) throw error;
      }
    throw failure;
  }

  #tell(failure: unknown, engine: Engine): void {
    const text = notice(failure, engine);
    if (!this.notices.includes(text)) this.notices.push(text);
  }
}

/** One line: which engine failed, why, and what runs now. */
const notice = (failure: unknown, { id }: Engine): string =>
  `${(failure as Error).message.replace(/\.$/, '')}. ${id} runs in its place.`;
