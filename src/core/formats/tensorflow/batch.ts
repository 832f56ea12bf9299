/**
 * The batch size in shape arithmetic, where it is not known: a prime that no size of a network is, and that single
 * precision holds. So products with it, as `N·H·W`, are computed like any other, and told from other numbers.
 */
export const N = 16_777_213;

/** Whether a size has the batch in it. */
export const hasBatch = (size: number): boolean => size !== 0 && size % N === 0;
