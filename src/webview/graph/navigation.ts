import type { GraphLayout } from './layout.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

export const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** What lies next to `from` on the drawing in a direction; undefined at its edge. Going straight is cheaper than aside. */
export function neighbour(layout: GraphLayout, from: string, direction: Direction): string | undefined {
  const here = layout.places.get(from);
  if (!here) return layout.places.keys().next().value;
  const centre = (place: typeof here) => ({ x: place.x + place.width / 2, y: place.y + place.height / 2 });
  const origin = centre(here);
  let best: string | undefined;
  let cost = Infinity;
  for (const [name, place] of layout.places) {
    if (name === from) continue;
    const { x, y } = centre(place);
    const [dx, dy] = [x - origin.x, y - origin.y];
    const vertical = direction === 'up' || direction === 'down';
    const ahead = { up: -dy, down: dy, left: -dx, right: dx }[direction];
    const aside = Math.abs(vertical ? dx : dy);
    const overlaps = place.x < here.x + here.width && here.x < place.x + place.width;
    // Sideways only to what stands beside: else it is above or below.
    const beside = vertical || (place.y < here.y + here.height && here.y < place.y + place.height);
    // The next row comes before what lies straight below it: from a layer to its branches, not past them.
    const price = ahead + (vertical && overlaps ? 0.1 : 2) * aside;
    if (ahead > 1 && beside && price < cost) [best, cost] = [name, price];
  }
  return best;
}
