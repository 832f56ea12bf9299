import type { Window } from '../../graph/windows.ts';

/** Along one axis: the size, and how the window slides over it. */
export interface Axis {
  readonly size: number;
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
}

export const axesOf = (sizes: readonly number[], out: readonly number[], window: Window): Axis[] =>
  sizes.map((size, i) => ({
    size,
    out: out[i]!,
    kernel: window.kernel[i]!,
    stride: window.strides[i]!,
    dilation: window.dilations[i]!,
    begin: window.begin[i]!,
  }));

/**
 * Calls `tap` for every value that every window covers, padding left out, in row-major order of windows and of what each
 * covers: images N×H×W×C, positions of the first of the C channels in output and input; `first` at a window's first value.
 */
export function eachTap(
  batch: number,
  channels: number,
  [rows, columns]: readonly Axis[],
  tap: (to: number, from: number, first: boolean) => void,
): void {
  const [y, x] = [rows!, columns!];
  let to = 0;
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < y.out; oy++)
      for (let ox = 0; ox < x.out; ox++, to += channels) {
        let first = true;
        for (let ky = 0; ky < y.kernel; ky++) {
          const iy = oy * y.stride - y.begin + ky * y.dilation;
          if (iy < 0 || iy >= y.size) continue;
          for (let kx = 0; kx < x.kernel; kx++) {
            const ix = ox * x.stride - x.begin + kx * x.dilation;
            if (ix < 0 || ix >= x.size) continue;
            tap(to, ((n * y.size + iy) * x.size + ix) * channels, first);
            first = false;
          }
        }
      }
}
