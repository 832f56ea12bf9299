/** What is done to a picture's parameters after each step: a prior as an operator (Yosinski et al. 2015, §3). */
export interface Prior {
  /**
   * Changes the parameters in place.
   *
   * @param gradient  of the objective with respect to them, before the step
   * @param step  from 1
   */
  (parameters: Float32Array, gradient: Float32Array, step: number): void;
}
