import type { PanelHostApi } from '../../protocol/panel.ts';
import type { Connections } from '../../protocol/worker.ts';

/** The unit whose connections are drawn in the graph, and those. */
export class UnitConnections {
  found = $state.raw<Connections>();
  #asked = '';

  constructor(private readonly host: () => PanelHostApi) {}

  /** Asks for a unit's connections; what can't be known has none, and draws nothing. */
  async choose(layer: string | undefined, unit: number | undefined): Promise<void> {
    this.clear();
    if (layer === undefined || unit === undefined) return;
    const mine = (this.#asked = `${unit} ${layer}`);
    const reply = await this.host().connections(layer, unit);
    if (this.#asked === mine && reply.ok) this.found = reply.value;
  }

  clear(): void {
    this.#asked = '';
    this.found = undefined;
  }
}
