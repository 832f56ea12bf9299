import { describe, expect, it } from 'vitest';
import { Adam } from '../../../src/core/optimization/optimizers/adam.ts';

describe('Adam', () => {
  it('takes the steps of torch.optim.Adam(maximize=True)', () => {
    const parameters = Float32Array.of(1, -2, 0.5);
    const adam = new Adam(3, { rate: 0.05 });
    const steps = [
      { gradient: [1, -0.5, 0], after: [1.0499999, -2.0499999, 0.5] },
      { gradient: [0.2, 3, -1e-3], after: [1.090152, -2.018804, 0.46279368] },
      { gradient: [-4, 0.1, 2], after: [1.0668603, -1.9936523, 0.49471998] },
    ];
    for (const { gradient, after } of steps) {
      adam.step(parameters, Float32Array.from(gradient));
      after.forEach((value, i) => expect(parameters[i]).toBeCloseTo(value, 6));
    }
  });

  it('begins with a step of the rate, whatever the size of the gradient', () => {
    const parameters = new Float32Array(4);
    new Adam(4, { rate: 0.1 }).step(parameters, Float32Array.of(1e-4, 1, 1e6, -1e6));
    [0.1, 0.1, 0.1, -0.1].forEach((value, i) => expect(parameters[i]).toBeCloseTo(value, 4));
  });

  it('its rate falls along half a cosine to nothing, and stays there', () => {
    const parameters = new Float32Array(1);
    const adam = new Adam(1, { rate: 0.2, over: 4 });
    // Along an even slope every step of Adam is the rate: 0.2 · (1 + cos(π k / 4)) / 2.
    for (const moved of [0.2, 0.1707107, 0.1, 0.0292893, 0, 0]) {
      const before = parameters[0]!;
      adam.step(parameters, Float32Array.of(3));
      expect(parameters[0]! - before).toBeCloseTo(moved, 6);
    }
  });

  it('reaches the top of a hill', () => {
    const place = Float32Array.of(3, -4);
    const adam = new Adam(2, { rate: 0.1 });
    for (let i = 0; i < 500; i++) adam.step(place, Float32Array.of(2 * (1 - place[0]!), 20 * (2 - place[1]!)));
    expect(place[0]).toBeCloseTo(1, 2);
    expect(place[1]).toBeCloseTo(2, 2);
  });
});
