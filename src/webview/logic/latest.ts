/** Hands out ids for work of which only the latest in its slot counts: what an older one answers is stale. */
export class Latest {
  #next = 1;
  readonly #current = new Map<string, number>();

  /** Begins new work in a slot; the id that it replaces, to be cancelled, comes with it. */
  begin(slot: string): { readonly id: number; readonly replaced: number | undefined } {
    const replaced = this.#current.get(slot);
    const id = this.#next++;
    this.#current.set(slot, id);
    return { id, replaced };
  }

  isCurrent(slot: string, id: number): boolean {
    return this.#current.get(slot) === id;
  }

  current(slot: string): number | undefined {
    return this.#current.get(slot);
  }

  slotOf(id: number): string | undefined {
    for (const [slot, current] of this.#current) if (current === id) return slot;
    return undefined;
  }

  /** The work has ended; says whether it still counted. */
  end(slot: string, id: number): boolean {
    if (!this.isCurrent(slot, id)) return false;
    this.#current.delete(slot);
    return true;
  }
}
