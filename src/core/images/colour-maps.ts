import * as d3 from 'd3-scale-chromatic';

type Interpolator = (t: number) => string;

/** From little to much. */
const SEQUENTIAL = {
  viridis: d3.interpolateViridis,
  magma: d3.interpolateMagma,
  inferno: d3.interpolateInferno,
  plasma: d3.interpolatePlasma,
  cividis: d3.interpolateCividis,
  turbo: d3.interpolateTurbo,
  greys: (t: number) => d3.interpolateGreys(1 - t),
} satisfies Record<string, Interpolator>;

/** Two ways from a pale middle, which stands for zero; what is positive is red (RdBu), orange, green or brown. */
const DIVERGING = {
  RdBu: (t: number) => d3.interpolateRdBu(1 - t),
  PuOr: (t: number) => d3.interpolatePuOr(1 - t),
  PRGn: d3.interpolatePRGn,
  BrBG: (t: number) => d3.interpolateBrBG(1 - t),
} satisfies Record<string, Interpolator>;

export type SequentialMap = keyof typeof SEQUENTIAL;
export type DivergingMap = keyof typeof DIVERGING;
export type ColourMap = SequentialMap | DivergingMap;

export const SEQUENTIAL_MAPS = Object.keys(SEQUENTIAL) as SequentialMap[];
export const DIVERGING_MAPS = Object.keys(DIVERGING) as DivergingMap[];
export const COLOUR_MAPS: Readonly<Record<ColourMap, Interpolator>> = { ...SEQUENTIAL, ...DIVERGING };

/** Whether its middle stands for zero. */
export const isDiverging = (map: ColourMap): map is DivergingMap => map in DIVERGING;

const tables = new Map<ColourMap, Uint8Array>();

/** A colour map's 256 colours, 256 × 3 bytes; made once. */
export function colourTable(map: ColourMap): Uint8Array {
  let table = tables.get(map);
  if (!table) {
    table = Uint8Array.from(Array.from({ length: 256 }, (_, i) => components(COLOUR_MAPS[map](i / 255))).flat());
    tables.set(map, table);
  }
  return table;
}

/** `#440154` or `rgb(68, 1, 84)`, as d3 gives them. */
function components(colour: string): number[] {
  if (colour.startsWith('#')) return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return colour.match(/\d+/g)!.slice(0, 3).map(Number);
}
