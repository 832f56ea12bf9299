import { elements } from '../../graph/tensor.ts';
import type { OpCall } from './call.ts';
import type { Result } from './result.ts';

const DEAD: Result = { kind: 'dead' };
const RANDOM: Result = { kind: 'random' };
const OTHER: Result = { kind: 'other' };

/** Nodes that hand their input on at inference. */
const PASSING: ReadonlySet<string> = new Set(
  (
    'Identity IdentityN StopGradient PreventGradient Snapshot CheckNumerics ReadVariableOp Enter Exit LoopCond EnsureShape ' +
    'PlaceholderWithDefault FakeQuantWithMinMaxVars FakeQuantWithMinMaxArgs FakeQuantWithMinMaxVarsPerChannel'
  ).split(' '),
);

const ALL_PASSING: ReadonlySet<string> = new Set(['IdentityN']);

/** What only training makes. */
const RANDOM_OPS = /^(Stateless)?(Random|TruncatedNormal|Multinomial|ParameterizedTruncatedNormal)/;

/**
 * A node that only leads values on, at inference: identities, branches whose condition is known, dropout. Undefined for
 * all others.
 */
export function flow(call: OpCall): readonly Result[] | undefined {
  const { node, inputs } = call;
  if (node.op === 'Merge') return [inputs.find(({ kind }) => kind !== 'dead') ?? DEAD];
  if (inputs.some(({ kind }) => kind === 'dead')) return [DEAD];
  if (node.op === 'Switch') return switched(call);
  if (RANDOM_OPS.test(node.op)) return [RANDOM];
  if (ALL_PASSING.has(node.op)) return inputs;
  if (PASSING.has(node.op)) return [call.input(0)];
  if (/^(NoOp|Assert|Placeholder|PlaceholderV2)$/.test(node.op)) return [OTHER];
  // What a placeholder for a number leads to: it is not given.
  if (inputs.some(({ kind }) => kind === 'other') && inputs.every(({ kind }) => kind === 'other' || kind === 'known'))
    return [OTHER];
  if (inputs.some(({ kind }) => kind === 'random')) return [dropped(call)];
  return undefined;
}

function switched(call: OpCall): readonly Result[] | undefined {
  const condition = call.value(1);
  if (!condition || elements(condition.shape) !== 1) return undefined;
  const taken = Number(condition.items[0]) !== 0;
  return [taken ? DEAD : call.input(0), taken ? call.input(0) : DEAD];
}

/**
 * Dropout that the file has in its training form: a mask by chance, times values that were scaled for it. At inference
 * it is the values before (Srivastava 2014, §10, inverted).
 */
function dropped({ node, inputs }: OpCall): Result {
  if (!/^(Mul|RealDiv|Select|SelectV2)$/.test(node.op)) return RANDOM;
  const values = inputs.find((input) => input.kind === 'computed');
  if (values?.kind !== 'computed') return RANDOM;
  return values.beforeScaling ?? values;
}
