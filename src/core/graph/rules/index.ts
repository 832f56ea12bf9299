export { gradientRule, type BackwardRule, type Seed } from './rule.ts';
export { redirectedReluRule } from './redirected-relu.ts';
