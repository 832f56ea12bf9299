import type { Graph } from '../../graph/graph.ts';

/**
 * How a picture (C×h×w; 0..1 is black to full) is written as the numbers that are optimised in its place. Olah, Mordvintsev &
 * Schubert 2017, "Preconditioning and Parameterization".
 */
export interface Parametrisation {
  /** Numbers of one picture. */
  readonly size: number;
  /** How a picture is drawn. */
  readonly brush: Brush | BrushProgram;
  /** The parameters of a picture; where it can't be drawn exactly (black and white have no logarithm), of the nearest. */
  of(picture: Float32Array): Float32Array;
}

/** Draws a picture here. */
export interface Brush {
  paint(parameters: Float32Array, picture: Float32Array): void;
  /** The adjoint of `paint`: from the gradient with respect to the picture to that with respect to the parameters. */
  gradient(gradient: Float32Array, parameters: Float32Array): void;
}

/** Draws pictures by programs for the engine, all of a batch in one run. */
export interface BrushProgram {
  /** Equal keys, equal programs. */
  readonly key: string;
  /** The shapes of one picture's parameters, and of the picture. */
  readonly shape: readonly number[];
  readonly picture: readonly number[];
  /** Input `PARAMETERS`, N×shape; output `PICTURE`, N×C×h×w. */
  paint(): Graph;
  /** The adjoint at the pictures that were painted: inputs `PICTURE` and `PICTURE_GRADIENT`, N×C×h×w; output `PARAMETERS_GRADIENT`, N×shape. */
  gradient(): Graph;
}

/** The names of a brush program's inputs and outputs. */
export const PARAMETERS = 'layerscope/parameters';
export const PARAMETERS_GRADIENT = 'layerscope/parameters-gradient';
export const PICTURE = 'layerscope/picture';
export const PICTURE_GRADIENT = 'layerscope/picture-gradient';
