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
/** From so many points on a mixture is fitted to some of them. */
const MOST_POINTS = 3000;
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

/** The colours of the chosen pixels, count × channels; of very many every second, third … */
function pick({ values, channels }: Colours, chosen: Uint8Array): Float32Array {
  const count = chosen.reduce((sum, value) => sum + value, 0);
  const every = Math.ceil(count / MOST_POINTS);
  const picked = new Float32Array(Math.ceil(count / every) * channels);
  let seen = 0;
  chosen.forEach((value, i) => {
    if (!value || seen++ % every > 0) return;
    picked.set(values.subarray(i * channels, (i + 1) * channels), ((seen - 1) / every) * channels);
  });
  return picked;
}

/** What a border between each pixel and its neighbours costs: height × width × 8. */
function borders(
  { width, height, values, channels }: Colours,
  { smoothness, contrast }: GraphCutOptions,
): Float64Array {
  const links = new Float64Array(width * height * 8);
  let [sum, count] = [0, 0];
  /** Calls `f` for each pair of neighbours once: where the link and its opposite are, and ‖Δ‖². */
  const pairs = (f: (link: number, back: number, square: number, distance: number) => void) => {
    for (let d = 0; d < 8; d += 2) {
      const [dx, dy] = NEIGHBOURS[d]!;
      const distance = Math.hypot(dx, dy);
      const step = dy * width + dx;
      for (let y = Math.max(0, -dy); y < height - Math.max(0, dy); y++)
        for (let x = Math.max(0, -dx); x < width - Math.max(0, dx); x++) {
          const pixel = y * width + x;
          let square = 0;
          for (let c = 0; c < channels; c++)
            square += (values[pixel * channels + c]! - values[(pixel + step) * channels + c]!) ** 2;
          f(pixel * 8 + d, (pixel + step) * 8 + d + 1, square, distance);
        }
    }
  };
  if (contrast === 'measured')
    pairs((_, __, square) => {
      sum += square;
      count++;
    });
  const variance = contrast === 'measured' ? sum / Math.max(1, count) : contrast ** 2;
  const scale = -1 / (2 * Math.max(variance, 1e-12));
  pairs((link, back, square, distance) => {
    links[link] = links[back] = (smoothness * Math.exp(square * scale)) / distance;
  });
  return links;
}
