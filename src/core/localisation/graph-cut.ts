import { fitMixture } from './gaussian-mixture.ts';
import { maxFlow, NEIGHBOURS } from './max-flow.ts';

export interface Seeds {
  /** height × width, of 0 and 1. */
  readonly foreground: Uint8Array;
  readonly background: Uint8Array;
}

export interface Colours {
  readonly width: number;
  readonly height: number;
  /** height × width × channels, 0 to 1. */
  readonly values: Float32Array;
  readonly channels: number;
}

export interface GraphCutOptions {
  /** Gaussians of either mixture. */
  readonly components: number;
  /** λ: what a border between two pixels of one colour costs, against −log p of a pixel. */
  readonly smoothness: number;
  /** σ: the difference of colours (0 to 1) from which on a border is cheap; `measured`: the root mean square over all neighbours. */
  readonly contrast: 'measured' | number;
  readonly seed: number;
}

/** Added to the variance of each colour: the square of two levels of 255. */
const REGULARISATION = (2 / 255) ** 2;
/** More than any border may cost. */
const HARD = 1e9;

/**
 * Foreground and background by the smallest cut: unary −log p of the colours' mixtures, fitted to the seeds, which stay what they
 * are; pairwise λ·exp(−‖Δ‖²/2σ²)/distance over 8 neighbours. Boykov & Jolly 2001, §2–3; mixtures as in Rother et al. 2004.
 * Returns height × width, 1 for foreground. Memory: about 260 bytes a pixel.
 */
export function graphCut(colours: Colours, seeds: Seeds, options: GraphCutOptions): Uint8Array {
  const { width, height, values, channels } = colours;
  const { components, seed } = options;
  const likelihood = (chosen: Uint8Array) =>
    fitMixture(pick(colours, chosen), channels, { components, seed, regularisation: REGULARISATION }).logDensity(
      values,
    );
  const front = likelihood(seeds.foreground);
  const back = likelihood(seeds.background);
  const source = new Float64Array(width * height);
  const sink = new Float64Array(width * height);
  for (let i = 0; i < source.length; i++) {
    // Only the difference of the two costs counts; capacities are not negative.
    source[i] = seeds.foreground[i] ? HARD : seeds.background[i] ? 0 : Math.max(0, front[i]! - back[i]!);
    sink[i] = seeds.background[i] ? HARD : seeds.foreground[i] ? 0 : Math.max(0, back[i]! - front[i]!);
  }
  return maxFlow({ width, height, source, sink, links: borders(colours, options) }).side;
}

/** The colours of the chosen pixels, count × channels. */
function pick({ values, channels }: Colours, chosen: Uint8Array): Float32Array {
  const picked: number[] = [];
  chosen.forEach((value, i) => {
    if (value) for (let c = 0; c < channels; c++) picked.push(values[i * channels + c]!);
  });
  return Float32Array.from(picked);
}

/** What a border between each pixel and its neighbours costs: height × width × 8. */
function borders(
  { width, height, values, channels }: Colours,
  { smoothness, contrast }: GraphCutOptions,
): Float64Array {
  const squares = new Float64Array(width * height * 8).fill(-1);
  let [sum, count] = [0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let d = 0; d < 8; d++) {
        const [dx, dy] = NEIGHBOURS[d]!;
        if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) continue;
        const [a, b] = [(y * width + x) * channels, ((y + dy) * width + x + dx) * channels];
        let square = 0;
        for (let c = 0; c < channels; c++) square += (values[a + c]! - values[b + c]!) ** 2;
        squares[(y * width + x) * 8 + d] = square;
        sum += square;
        count++;
      }
  const variance = contrast === 'measured' ? sum / Math.max(1, count) : contrast ** 2;
  const distances = NEIGHBOURS.map(([dx, dy]) => Math.hypot(dx, dy));
  return squares.map((square, i) => {
    if (square < 0) return 0;
    return (smoothness * Math.exp(-square / (2 * Math.max(variance, 1e-12)))) / distances[i % 8]!;
  });
}
