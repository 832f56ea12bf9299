// See src/core/optimization/optimizers for what they are.

/** m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², x ← x + rate · m / (correction · √v + ε) */
export function adam(
  count: i32,
  parameters: usize,
  mean: usize,
  square: usize,
  gradient: usize,
  keep1: f32,
  share1: f32,
  keep2: f32,
  share2: f32,
  rate: f32,
  correction: f32,
  epsilon: f32,
): void {
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 16) {
    const g = v128.load(gradient + i);
    const m = f32x4.add(f32x4.mul(f32x4.splat(keep1), v128.load(mean + i)), f32x4.mul(f32x4.splat(share1), g));
    const v = f32x4.add(
      f32x4.mul(f32x4.splat(keep2), v128.load(square + i)),
      f32x4.mul(f32x4.splat(share2), f32x4.mul(g, g)),
    );
    v128.store(mean + i, m);
    v128.store(square + i, v);
    const size = f32x4.add(f32x4.mul(f32x4.sqrt(v), f32x4.splat(correction)), f32x4.splat(epsilon));
    const step = f32x4.div(f32x4.mul(f32x4.splat(rate), m), size);
    v128.store(parameters + i, f32x4.add(v128.load(parameters + i), step));
  }
}

/** v ← keep · v + unit · g, x ← x + rate · v */
export function momentum(
  count: i32,
  parameters: usize,
  velocity: usize,
  gradient: usize,
  keep: f32,
  unit: f32,
  rate: f32,
): void {
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 16) {
    const v = f32x4.add(
      f32x4.mul(f32x4.splat(keep), v128.load(velocity + i)),
      f32x4.mul(f32x4.splat(unit), v128.load(gradient + i)),
    );
    v128.store(velocity + i, v);
    v128.store(parameters + i, f32x4.add(v128.load(parameters + i), f32x4.mul(f32x4.splat(rate), v)));
  }
}

/** s ← keep · s + share · g², x ← x + rate · g / (√s + ε) */
export function rmsProp(
  count: i32,
  parameters: usize,
  square: usize,
  gradient: usize,
  keep: f32,
  share: f32,
  rate: f32,
  epsilon: f32,
): void {
  for (let i: usize = 0, end = (<usize>count) << 2; i < end; i += 16) {
    const g = v128.load(gradient + i);
    const s = f32x4.add(
      f32x4.mul(f32x4.splat(keep), v128.load(square + i)),
      f32x4.mul(f32x4.splat(share), f32x4.mul(g, g)),
    );
    v128.store(square + i, s);
    const step = f32x4.div(f32x4.mul(f32x4.splat(rate), g), f32x4.add(f32x4.sqrt(s), f32x4.splat(epsilon)));
    v128.store(parameters + i, f32x4.add(v128.load(parameters + i), step));
  }
}
