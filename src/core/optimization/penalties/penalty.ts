/** What is taken off an objective for a picture's own sake. */
export interface Penalty {
  /**
   * Takes the penalty's gradient off `gradient`; returns the penalty's value.
   *
   * @param picture  C×h×w, 0..1
   */
  (picture: Float32Array, gradient: Float32Array): number;
}
