import { usageError } from '../../errors.ts';
import { nearest, quoted } from '../../nearest.ts';
import { lrpAlphaBeta, lrpEpsilon, zPlus } from './lrp/index.ts';
import { deconvnetGradients, guidedGradients } from './rectifiers.ts';
import { openReluRule, redirectedReluRule } from './redirected-relu.ts';
import { gradientRule, type BackwardRule, type Seed } from './rule.ts';
import { withoutSwitches, type Switches } from './switches.ts';

export { gradientRule, openReluRule, redirectedReluRule, type BackwardRule, type Seed, type Switches };

/** What rules can be given; each takes some of them. */
export interface RuleParameters {
  readonly switches: Switches;
  readonly seed: Seed;
  /** Of LRP-ε, relative to the root mean square of the values that are shared out. */
  readonly epsilon: number;
  /** Of LRP-αβ, at least 1; β = α − 1. */
  readonly alpha: number;
}

const DEFAULTS: RuleParameters = { switches: 'recorded', seed: 'one', epsilon: 1e-3, alpha: 2 };

const ALLOWED: { readonly [P in keyof RuleParameters]: (text: string) => RuleParameters[P] | undefined } = {
  switches: (text) => (['recorded', 'none'] as const).find((value) => value === text),
  seed: (text) => (['one', 'value'] as const).find((value) => value === text),
  epsilon: (text) => atLeast(0, text),
  alpha: (text) => atLeast(1, text),
};

function atLeast(least: number, text: string): number | undefined {
  const value = text === '' ? NaN : Number(text);
  return Number.isFinite(value) && value >= least ? value : undefined;
}

type Parameter = keyof RuleParameters;

interface RuleMaker {
  readonly takes: readonly Parameter[];
  readonly make: (parameters: RuleParameters) => Omit<BackwardRule, 'name'>;
}

const derivative = (gradients: BackwardRule['gradients']): RuleMaker => ({
  takes: ['switches', 'seed'],
  make: ({ switches, seed }) => ({ seed, gradients: { ...gradients, ...(switches === 'none' && withoutSwitches) } }),
});

/** Every rule by its name. */
const RULES: Readonly<Record<string, RuleMaker>> = {
  gradient: derivative(gradientRule.gradients),
  guided: derivative(guidedGradients),
  deconvnet: derivative(deconvnetGradients),
  'lrp-epsilon': { takes: ['epsilon'], make: ({ epsilon }) => ({ seed: 'value', gradients: lrpEpsilon(epsilon) }) },
  'lrp-alpha-beta': { takes: ['alpha'], make: ({ alpha }) => ({ seed: 'value', gradients: lrpAlphaBeta(alpha) }) },
  'z-plus': { takes: [], make: () => ({ seed: 'value', gradients: zPlus }) },
  'redirected-relu': { takes: [], make: () => redirectedReluRule },
  'open-relu': { takes: [], make: () => openReluRule },
};

export const RULE_NAMES: readonly string[] = Object.keys(RULES);

/** A rule by its name and parameters. Throws a usage error for one that there is not, or that does not take them. */
export function backwardRule(name: string, parameters: Partial<RuleParameters> = {}): BackwardRule {
  const maker = Object.hasOwn(RULES, name) ? RULES[name] : undefined;
  if (!maker) throw usageError(`There is no rule '${name}'. There are: ${quoted(nearest(name, RULE_NAMES))}.`);
  const given = (Object.keys(parameters) as Parameter[]).filter((parameter) => parameters[parameter] !== undefined);
  for (const parameter of given) {
    if (!maker.takes.includes(parameter))
      throw usageError(`The rule '${name}' takes no '${parameter}'; it takes ${quoted(maker.takes) || 'nothing'}.`);
    allowed(parameter, String(parameters[parameter]));
  }
  const changed = given.filter((parameter) => parameters[parameter] !== DEFAULTS[parameter]).sort();
  if (name === 'gradient' && changed.length === 0) return gradientRule;
  const full = [name, ...changed.map((parameter) => `${parameter}=${parameters[parameter]}`)].join(',');
  return { ...maker.make({ ...DEFAULTS, ...parameters }), name: full };
}

/** `NAME[,parameter=value…]`, as a rule's `name` is written. */
export function parseRule(text: string): BackwardRule {
  const [name, ...settings] = text.split(',') as [string, ...string[]];
  const parameters = settings.map((setting) => {
    const [parameter, value = ''] = setting.split('=') as [string, string?];
    if (!Object.hasOwn(ALLOWED, parameter))
      throw usageError(`No rule takes '${parameter}'. There are: ${quoted(Object.keys(ALLOWED))}.`);
    return [parameter, allowed(parameter as Parameter, value)] as const;
  });
  return backwardRule(name, Object.fromEntries(parameters));
}

function allowed(parameter: Parameter, text: string): RuleParameters[Parameter] {
  const value = ALLOWED[parameter](text);
  if (value === undefined) throw usageError(`'${parameter}' of a rule can't be '${text}'.`);
  return value;
}
