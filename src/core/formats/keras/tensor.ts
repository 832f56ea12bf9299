/** A tensor of the graph as a Keras layer sees it. */
export interface KerasTensor {
  readonly tensor: string;
  /** An image that Keras lays out N×H×W×C, and the graph N×C×H×W; else both have the same axes. */
  readonly channelsLast: boolean;
}

export const TO_NCHW = [0, 3, 1, 2] as const;
export const TO_NHWC = [0, 2, 3, 1] as const;
