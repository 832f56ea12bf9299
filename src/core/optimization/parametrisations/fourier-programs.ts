import { GraphBuilder } from '../../graph/builder.ts';
import { BATCH, type Graph, type Shape } from '../../graph/graph.ts';
import { renameTensors } from '../../graph/passes.ts';
import { COLOURS } from '../colour.ts';
import { PARAMETERS, PARAMETERS_GRADIENT, PICTURE, PICTURE_GRADIENT } from './parametrisation.ts';

export interface Spectra {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** By frequency, kx by kx, ky by ky: what a parameter counts for in the plane. */
  readonly weights: Float32Array;
}

/** From parameters (N×C×2×kx×ky) to pictures (N×C×h×w): the inverse transform, the colours together, the logistic function. */
export function paintProgram(spectra: Spectra): Graph {
  const builder = new GraphBuilder();
  const planes = writePlanes(builder, builder.input(PARAMETERS, [BATCH, ...spectraShape(spectra)]), spectra);
  const picture = builder.add('Sigmoid', [writeMix(builder, planes, spectra, COLOURS)]);
  return renameTensors(builder.graph([picture]), new Map([[picture, PICTURE]]));
}

/** Its adjoint at the pictures that it painted: from them and their gradient to that of the parameters. */
export function paintGradientProgram(spectra: Spectra): Graph {
  const { channels, height, width } = spectra;
  const builder = new GraphBuilder();
  const shape = [BATCH, channels, height, width];
  const picture = builder.input(PICTURE, shape);
  const slope = builder.add('Mul', [picture, builder.add('Sub', [builder.scalar(1), picture])]);
  const gradient = builder.add('Mul', [builder.input(PICTURE_GRADIENT, shape), slope]);
  const turned = COLOURS.map((_, row) => COLOURS.map((from) => from[row]!));
  const found = writePlanesGradient(builder, writeMix(builder, gradient, spectra, turned), spectra);
  return renameTensors(builder.graph([found]), new Map([[found, PARAMETERS_GRADIENT]]));
}

/** Of one picture: channels, real and imaginary parts, kx, ky. */
export const spectraShape = ({ channels, height, width }: Omit<Spectra, 'weights'>): Shape => [
  channels,
  2,
  Math.floor(width / 2) + 1,
  height,
];

/**
 * f(y, x) = Σ_kx Re e^{2πi·kx·x/w} Σ_ky weight · (re + i·im) e^{2πi·ky·y/h}, as two products of matrices: of sizes like these they
 * are as quick as a fast transform, and run where the network runs.
 */
function writePlanes(builder: GraphBuilder, parameters: string, spectra: Spectra): string {
  const { channels, columns, height, weights, alongX, alongY } = writeMatrices(builder, spectra);
  const weighted = builder.add('Mul', [parameters, weights]);
  const beside = builder.add('Transpose', [weighted], { perm: [0, 1, 3, 2, 4] });
  const rows = builder.add('Reshape', [beside, builder.ints([0, channels, columns, 2 * height])]);
  const complex = builder.add('MatMul', [rows, alongY]);
  const pairs = builder.add('Reshape', [complex, builder.ints([0, channels, 2 * columns, height])]);
  return builder.add('MatMul', [builder.add('Transpose', [pairs], { perm: [0, 1, 3, 2] }), alongX]);
}

/** The adjoint of `writePlanes`. */
function writePlanesGradient(builder: GraphBuilder, planes: string, spectra: Spectra): string {
  const { channels, columns, height, weights, alongX, alongY } = writeMatrices(builder, spectra);
  const turned = (matrix: string) => builder.add('Transpose', [matrix], { perm: [1, 0] });
  const across = builder.add('MatMul', [planes, turned(alongX)]);
  const pairs = builder.add('Transpose', [across], { perm: [0, 1, 3, 2] });
  const complex = builder.add('Reshape', [pairs, builder.ints([0, channels, columns, 2 * height])]);
  const rows = builder.add('MatMul', [complex, turned(alongY)]);
  const beside = builder.add('Reshape', [rows, builder.ints([0, channels, columns, 2, height])]);
  return builder.add('Mul', [builder.add('Transpose', [beside], { perm: [0, 1, 3, 2, 4] }), weights]);
}

function writeMatrices(builder: GraphBuilder, { channels, height, width, weights }: Spectra) {
  const columns = Math.floor(width / 2) + 1;
  return {
    channels,
    columns,
    height,
    weights: builder.floats('weights', weights, [columns, height]),
    alongY: builder.floats('along-y', waves(height, height, 'complex'), [2 * height, 2 * height]),
    alongX: builder.floats('along-x', waves(columns, width, 'real'), [2 * columns, width]),
  };
}

/**
 * What multiplies a row of real and imaginary parts: to the real part of Σ (re + i·im) e^{2πi·k·x/size}, or to both its parts side by
 * side. Real parts come first, for the complex sum; for the real one real and imaginary part of each frequency in turn.
 */
function waves(frequencies: number, size: number, to: 'real' | 'complex'): Float32Array {
  const columns = to === 'complex' ? 2 * size : size;
  const matrix = new Float32Array(2 * frequencies * columns);
  for (let k = 0; k < frequencies; k++) {
    const re = (to === 'complex' ? k : 2 * k) * columns;
    const im = (to === 'complex' ? frequencies + k : 2 * k + 1) * columns;
    for (let x = 0; x < size; x++) {
      const angle = (2 * Math.PI * ((k * x) % size)) / size;
      matrix[re + x] = Math.cos(angle);
      matrix[im + x] = -Math.sin(angle);
      if (to === 'real') continue;
      matrix[re + size + x] = Math.sin(angle);
      matrix[im + size + x] = Math.cos(angle);
    }
  }
  return matrix;
}

/** Multiplies the three planes' values, pixel by pixel; another number of planes is as it is. */
function writeMix(
  builder: GraphBuilder,
  planes: string,
  { channels, height, width }: Spectra,
  matrix: readonly (readonly number[])[],
): string {
  if (channels !== 3) return planes;
  const flat = builder.add('Reshape', [planes, builder.ints([0, 3, height * width])]);
  const mixed = builder.add('MatMul', [builder.floats('colours', matrix.flat(), [3, 3]), flat]);
  return builder.add('Reshape', [mixed, builder.ints([0, 3, height, width])]);
}
