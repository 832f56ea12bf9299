import type { Connection, Connections } from '../../protocol/worker.ts';
import type { GraphLayout } from './layout.ts';
import type { Structure } from './structure.ts';
import { throughPoints, type Point, type Rectangle } from './wires.ts';

/** A connection between two units as it is drawn. */
export interface Line {
  readonly path: string;
  /** In pixels, in proportion to the norm. */
  readonly width: number;
  readonly excites: boolean;
  /** Where it ends at the other unit. */
  readonly end: Point;
  readonly connection: Connection;
}

const THICKEST = 4;
const THINNEST = 0.75;

/**
 * The lines of a unit's connections over a layout: they leave a box at its bottom and enter it at its top, at the place of the
 * unit among the channels. What lies in the same folded block is left out.
 */
export function linesOf(layout: GraphLayout, structure: Structure, found: Connections): Line[] {
  const own = boxOf(layout, structure, found.layer);
  if (!own) return [];
  const side = (connections: readonly Connection[], isIncoming: boolean): Line[] => {
    const most = Math.max(...connections.map(({ norm }) => norm));
    return connections.flatMap((connection) => {
      const box = boxOf(layout, structure, connection.layer);
      if (!box || box === own || (box.x === own.x && box.y === own.y)) return [];
      const here = at(own, share(structure, found.layer, found.unit), isIncoming);
      const there = at(box, share(structure, connection.layer, connection.unit), !isIncoming);
      const path = throughPoints(isIncoming ? [there, here] : [here, there]);
      const width = Math.max(THINNEST, (THICKEST * connection.norm) / most);
      return [{ path, width, excites: connection.sum >= 0, end: there, connection }];
    });
  };
  // The thick ones lie on top.
  return [...side(found.incoming, true), ...side(found.outgoing, false)].reverse();
}

/** The box of a layer with what finishes it, or the block that holds it. */
function boxOf(layout: GraphLayout, structure: Structure, name: string): Rectangle | undefined {
  const places = (structure.stackOf.get(name)?.layers ?? []).flatMap((layer) => layout.places.get(layer.name) ?? []);
  const [first] = places;
  if (!first) return layout.places.get(structure.blockOf.get(name)?.id ?? '');
  const bottom = Math.max(...places.map(({ y, height }) => y + height));
  return { ...first, height: bottom - first.y };
}

/** Where among the channels a unit is, 0 to 1. */
function share(structure: Structure, layer: string, unit: number): number {
  const channels = structure.layers.get(layer)?.shape?.[0] ?? 1;
  return (unit + 0.5) / Math.max(channels, unit + 1);
}

const MARGIN = 8;

const at = ({ x, y, width, height }: Rectangle, along: number, isTop: boolean): Point => ({
  x: x + MARGIN + along * (width - 2 * MARGIN),
  y: isTop ? y : y + height,
});
