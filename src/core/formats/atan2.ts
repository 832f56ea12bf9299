/** What writes nodes into a graph. */
interface Writer {
  add(op: string, inputs: readonly string[]): string;
  scalar(value: number): string;
}

/** The angle of the point (x, y), −π…π: of y/x, half a turn on where x is negative; ±π/2 where it is zero. */
export function writeAtan2({ add, scalar }: Writer, y: string, x: string): string {
  const zero = scalar(0);
  const upright = add('Equal', [x, zero]);
  const angle = add('Atan', [add('Div', [y, add('Where', [upright, scalar(1), x])])]);
  const turn = add('Where', [add('Less', [y, zero]), scalar(-Math.PI), scalar(Math.PI)]);
  const turned = add('Where', [add('Less', [x, zero]), add('Add', [angle, turn]), angle]);
  return add('Where', [upright, add('Mul', [add('Sign', [y]), scalar(Math.PI / 2)]), turned]);
}
