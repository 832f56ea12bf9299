/** Lines in one small chart. */
export interface Panel {
  readonly title: string;
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [x: number, y: number])[] }[];
}

const WIDTH = 250;
const HEIGHT = 200;
const MARGIN = { left: 40, right: 12, top: 14, bottom: 44 };
const COLOURS = ['#b5460f', '#1f5fa8'];
const INK = '#444';
const SURFACE = '#fff';

const log = Math.log10;

/** Small charts side by side on logarithmic axes, with the same vertical axis, as SVG. */
export function plot(panels: readonly Panel[], unit: string): string {
  const all = panels.flatMap(({ series }) => series.flatMap(({ points }) => points.map(([, y]) => y)));
  const [low, high] = [Math.floor(log(Math.min(...all))), Math.ceil(log(Math.max(...all)))];
  const y = (value: number) =>
    MARGIN.top + ((high - log(value)) / (high - low)) * (HEIGHT - MARGIN.top - MARGIN.bottom);
  const drawn = panels.map((panel, i) => `<g transform="translate(${i * WIDTH},0)">${chart(panel, y, low, high)}</g>`);
  const names = panels[0]!.series.map(
    ({ name }, i) =>
      `<circle cx="${MARGIN.left + 6 + i * 170}" cy="${HEIGHT + 14}" r="4" fill="${COLOURS[i]}"/>` +
      text(name, MARGIN.left + 16 + i * 170, HEIGHT + 18),
  );
  const width = WIDTH * panels.length;
  const height = HEIGHT + 28;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
    `font-family="system-ui, sans-serif" font-size="12" fill="${INK}">` +
    `<rect width="100%" height="100%" fill="${SURFACE}"/>${drawn.join('')}${names.join('')}` +
    `${text(unit, width - MARGIN.right, HEIGHT + 18, 'end')}</svg>\n`
  );
}

function chart({ title, series }: Panel, y: (value: number) => number, low: number, high: number): string {
  const xs = series[0]!.points.map(([x]) => x);
  const [first, last] = [log(xs[0]!), log(xs.at(-1)!)];
  const x = (value: number) =>
    MARGIN.left + 8 + ((log(value) - first) / (last - first)) * (WIDTH - MARGIN.left - MARGIN.right - 16);
  const decades = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const grid = decades.map(
    (value) =>
      `<path d="M${MARGIN.left} ${y(value)}H${WIDTH - MARGIN.right}" stroke="#ddd"/>` +
      text(String(value), MARGIN.left - 6, y(value) + 4, 'end'),
  );
  const ticks = xs.map((value) => text(String(value), x(value), HEIGHT - MARGIN.bottom + 16, 'middle'));
  const lines = series.map(({ points }, i) => {
    const places = points.map(([at, value]) => [x(at), y(value)] as const);
    const path = places.map(([px, py], k) => `${k ? 'L' : 'M'}${px.toFixed(1)} ${py.toFixed(1)}`).join('');
    const dots = places.map(
      ([px, py]) => `<circle cx="${px.toFixed(1)}" cy="${py.toFixed(1)}" r="3" fill="${COLOURS[i]}"/>`,
    );
    return `<path d="${path}" fill="none" stroke="${COLOURS[i]}" stroke-width="2"/>${dots.join('')}`;
  });
  const caption = text(title, (MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - MARGIN.bottom + 34, 'middle');
  return [...grid, ...ticks, ...lines, caption].join('');
}

const text = (value: string, x: number, y: number, anchor = 'start') =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${value}</text>`;
