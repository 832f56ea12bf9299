import { rectified } from './rectified.ts';

/** Backward through a rectifier keeps g where g > 0 and its input x > 0. */
export const guidedBackprop = rectified('guided', {
  id: 'guided-backprop',
  title: 'Guided backprop',
  description: 'The gradient without what would weaken a unit on the way: sharp pictures of the shapes that excite it.',
  source: 'Springenberg, Dosovitskiy, Brox & Riedmiller 2014, Striving for Simplicity, §3.4',
});
