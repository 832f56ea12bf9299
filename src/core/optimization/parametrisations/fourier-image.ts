import { complex, PictureTransform } from '../fft.ts';

/**
 * What a parameter counts for, kx by kx (0 to w/2), ky by ky: plane = Re F⁻¹(spectrum · √(wh) / max(f, 1/max(w,h))^decay) / 4, F⁻¹ divided
 * by wh and over the whole spectrum, in which all frequencies but those of the first column, and of the last of an even width, stand twice.
 */
export function fourierWeights(height: number, width: number, decay: number): Float32Array {
  const lowest = 1 / Math.max(height, width);
  const columns = Math.floor(width / 2) + 1;
  return Float32Array.from({ length: columns * height }, (_, k) => {
    const [kx, ky] = [Math.floor(k / height), k % height];
    const frequency = Math.hypot(kx / width, Math.min(ky, height - ky) / height);
    return (isMirrored(kx, width) ? 1 : 2) / (Math.max(frequency, lowest) ** decay * 4 * Math.sqrt(height * width));
  });
}

/** The parameters of a plane (height × width). */
export function analyse(plane: Float32Array, { height, width, weights }: Spectrum): Float32Array {
  const spectrum = complex(plane.length);
  spectrum.re.set(plane);
  new PictureTransform(height, width).forward(spectrum);
  const count = weights.length;
  const parameters = new Float32Array(2 * count);
  for (let k = 0; k < count; k++) {
    const factor = (isMirrored(Math.floor(k / height), width) ? 1 : 2) / (weights[k]! * height * width);
    parameters[k] = factor * spectrum.re[k]!;
    parameters[count + k] = factor * spectrum.im[k]!;
  }
  return parameters;
}

interface Spectrum {
  readonly height: number;
  readonly width: number;
  /** `fourierWeights` */
  readonly weights: Float32Array;
}

/** Columns of the spectrum that are their own mirror image, so that each frequency stands twice among the parameters. */
const isMirrored = (kx: number, width: number) => kx === 0 || 2 * kx === width;
