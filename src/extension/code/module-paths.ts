/** Where one module stands in another: by the class (or function) that makes it, and the attribute's path there. */
interface Use {
  readonly by: string;
  readonly path: string;
}

/** More places of one class than this nobody tells apart. */
const MOST = 64;

/** A path whose beginning is not known: `*.conv1`. */
const SOMEWHERE = '*';

export const join = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('.');

/** Which paths the modules of each class (or function that makes modules) have in the whole network, as far as code says it. */
export class ModulePaths {
  readonly #uses = new Map<string, Use[]>();
  /** Empty while it is being found: a class that stands in itself is nowhere. */
  readonly #found = new Map<string, readonly string[]>();

  /** @param mentions  how often each class is named in the others; what nobody names is a whole network. */
  constructor(private readonly mentions: ReadonlyMap<string, number>) {}

  add(of: string, use: Use): void {
    const uses = this.#uses.get(of) ?? [];
    if (!this.#uses.has(of)) this.#uses.set(of, uses);
    uses.push(use);
  }

  /** What goes before the paths of the modules that this class makes; `*` for what code does not say. Asked when all is added. */
  prefixes(of: string): readonly string[] {
    const known = this.#found.get(of);
    if (known) return known;
    this.#found.set(of, []);
    const found = this.#find(of);
    this.#found.set(of, found);
    return found;
  }

  #find(of: string): readonly string[] {
    const uses = this.#uses.get(of) ?? [];
    const mentions = this.mentions.get(of) ?? 0;
    if (uses.length === 0 && mentions === 0) return [''];
    const known = uses.flatMap(({ by, path }) =>
      this.prefixes(by).map((prefix) => (prefix === SOMEWHERE ? SOMEWHERE : join(prefix, path))),
    );
    const all = mentions > uses.length ? [...known, SOMEWHERE] : known;
    return [...new Set(all)].slice(0, MOST);
  }
}
