import type { CompileOptions, Engine, Executable, Feeds } from './engines/engine.ts';
import type { Graph } from './graph/graph.ts';
import { inferShapes, type Shapes } from './graph/shapes.ts';
import type { Tensor } from './graph/tensor.ts';
import type { Model } from './model.ts';
import type { Description } from './description.ts';

/**
 * How many compiled programs a session keeps; each holds its weights once more. Pictures that climb in three lanes need three in each,
 * and two or three more when they begin and end.
 */
const KEPT_PROGRAMS = 18;

/** An opened model with an engine: what methods work with. */
export class Session {
  readonly #programs = new Map<string, Promise<Executable>>();
  /** Shapes of every tensor at the file's own input size. */
  readonly shapes: Shapes;

  constructor(
    readonly model: Model,
    readonly engine: Engine,
    readonly description: Description,
  ) {
    this.shapes = inferShapes(model.graph);
  }

  /**
   * Runs a program, compiled at its first use and kept. `key` names the program: equal keys, equal programs.
   * The graph's outputs are what is fetched.
   */
  async run(key: string, build: () => Graph, feeds: Feeds, options?: CompileOptions): Promise<Record<string, Tensor>> {
    return (await this.compile(key, build, options)).run(feeds);
  }

  /** The program ready to run; rejects with an engine error, and then is not kept. */
  compile(name: string, build: () => Graph, options?: CompileOptions): Promise<Executable> {
    const key = options?.lane === undefined ? name : `${name} in lane ${options.lane}`;
    let program = this.#programs.get(key);
    this.#programs.delete(key); // and again at the end: the least recently used is the first to go
    program ??= this.engine.compile(build(), options);
    this.#programs.set(key, program);
    program.catch(() => this.#programs.delete(key));
    if (this.#programs.size > KEPT_PROGRAMS) {
      const [oldest, stale] = this.#programs.entries().next().value!;
      this.#programs.delete(oldest);
      void stale.then((executable) => executable.dispose());
    }
    return program;
  }

  async dispose(): Promise<void> {
    const programs = [...this.#programs.values()];
    this.#programs.clear();
    await Promise.allSettled(programs.map(async (program) => (await program).dispose()));
  }
}
