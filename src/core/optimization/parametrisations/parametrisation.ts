/**
 * How a picture (C×h×w; 0..1 is black to full) is written as the numbers that are optimised in its place. Olah, Mordvintsev &
 * Schubert 2017, "Preconditioning and Parameterization".
 */
export interface Parametrisation {
  /** Numbers of one picture. */
  readonly size: number;
  /** Draws the picture. */
  paint(parameters: Float32Array, picture: Float32Array): void;
  /**
   * The adjoint of `paint` at the picture that it drew: from the gradient with respect to the picture, which is used up, to
   * that with respect to the parameters.
   */
  gradient(picture: Float32Array, gradient: Float32Array, parameters: Float32Array): void;
  /** The parameters of a picture; where it can't be drawn exactly (black and white have no logarithm), of the nearest. */
  of(picture: Float32Array): Float32Array;
}
