/** Changes one picture's parameters so that an objective grows. */
export interface Optimizer {
  /**
   * Changes the parameters in place.
   *
   * @param gradient  of the objective with respect to them, as they are
   * @param value  of the objective there
   */
  step(parameters: Float32Array, gradient: Float32Array, value: number): void;
}
