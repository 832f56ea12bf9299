export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rectangle {
  /** Of the upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An SVG path from point to point, vertical at each of them. */
export function throughPoints(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${at(first)}`;
  let last = first;
  for (const point of rest) {
    const middle = (last.y + point.y) / 2;
    const straight = Math.abs(last.x - point.x) < 0.5;
    path += straight
      ? `V${round(point.y)}`
      : `C${at({ x: last.x, y: middle })} ${at({ x: point.x, y: middle })} ${at(point)}`;
    last = straight ? { x: last.x, y: point.y } : point;
  }
  return path;
}

const round = (value: number): number => Math.round(value * 2) / 2;
const at = ({ x, y }: Point): string => `${round(x)},${round(y)}`;
