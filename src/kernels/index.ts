// AssemblyScript: loops over pictures and their gradients, four float32 at a time. `npm run kernels` compiles them into
// src/core/vectors/compiled.ts. Addresses are in bytes; `count` is a number of float32, a multiple of four: what lies behind a vector's
// end is zero when read, and may be overwritten.
export { addScaled, changeOf, dot, halve, scale, sumOfMagnitudes } from './vectors';
export { adam, momentum, rmsProp } from './optimizers';
export { evenNorm, squaredVariation } from './penalties';
export { mixColumns, mixLines } from './resample';
export { locate, read, spread } from './view';
