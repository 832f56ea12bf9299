import type { Graph, Node, Shape } from '../../graph/graph.ts';
import { OPERATORS } from '../../graph/operators/index.ts';
import { prune } from '../../graph/passes.ts';
import { elements } from '../../graph/tensor.ts';
import type { Executable, Feeds } from '../engine.ts';
import type { Device } from './device.ts';
import { gate, GATE, gateOperator, withGates } from './gates.ts';
import type { Run } from './kernel.ts';
import { KERNELS } from './operators/index.ts';
import { Value } from './value.ts';

/** A node with what need not be kept after it. */
interface Step {
  readonly node: Node;
  readonly last: readonly string[];
}

/** Runs a graph node by node. What follows from constants alone is computed here, once. */
export async function compile(device: Device, graph: Graph): Promise<Executable> {
  const started = performance.now();
  await device.activate();
  const whole = prune(graph, graph.outputs);
  const pruned = device.native ? whole : prune(withGates(whole), graph.outputs);
  const missing = pruned.nodes.find((node) => !kernelOf(node));
  if (missing) throw new Error(`there is no operator ${missing.op}`);
  const constants = new Map<string, Value>();
  for (const [name, tensor] of pruned.constants) constants.set(name, Value.ofHost(device, tensor));
  const nodes = pruned.nodes.filter((node) => {
    if (!node.inputs.every((name) => name === '' || constants.has(name))) return true;
    execute(device, node, constants);
    return false;
  });
  const plans = new Map<string, readonly Step[]>();
  const planOf = (fetches: readonly string[]) => {
    const key = fetches.join('\n');
    if (!plans.has(key)) plans.set(key, plan({ ...pruned, nodes }, fetches, constants));
    return plans.get(key)!;
  };
  return {
    compileTime: performance.now() - started,
    async run(feeds, fetches = graph.outputs) {
      await device.activate();
      return run(device, pruned, planOf(fetches), constants, feeds, fetches);
    },
    async dispose() {
      for (const value of constants.values()) value.dispose();
      constants.clear();
    },
  };
}

function plan(graph: Graph, fetches: readonly string[], constants: ReadonlyMap<string, Value>): Step[] {
  const { nodes } = prune(
    { ...graph, constants: new Map([...constants].map(([name, value]) => [name, value.host()])) },
    fetches,
  );
  const seen = new Set([...fetches, ...constants.keys(), '']);
  return nodes
    .toReversed()
    .map((node) => {
      const last = [...new Set([...node.inputs, ...node.outputs])].filter((name) => !seen.has(name));
      last.forEach((name) => seen.add(name));
      return { node, last };
    })
    .reverse();
}

function run(
  device: Device,
  graph: Graph,
  steps: readonly Step[],
  constants: ReadonlyMap<string, Value>,
  feeds: Feeds,
  fetches: readonly string[],
) {
  const values = new Map(constants);
  try {
    for (const { name } of graph.inputs) if (feeds[name]) values.set(name, fed(device, feeds, name));
    for (const { node, last } of steps) {
      execute(device, node, values);
      for (const name of last) {
        values.get(name)?.dispose();
        values.delete(name);
      }
    }
    return Object.fromEntries(fetches.map((name) => [name, values.get(name)!.host()]));
  } finally {
    for (const [name, value] of values) if (!constants.has(name)) value.dispose();
  }
}

function fed(device: Device, feeds: Feeds, name: string): Value {
  const tensor = feeds[name]!;
  if (tensor.data.length !== elements(tensor.shape)) throw new Error(`the input '${name}' does not fill its shape`);
  return Value.ofHost(device, tensor);
}

const operatorOf = ({ op }: Node) => (op === GATE ? gateOperator : OPERATORS[op]!);
const kernelOf = ({ op }: Node) => (op === GATE ? gate : Object.hasOwn(KERNELS, op) ? KERNELS[op] : undefined);

function execute(device: Device, node: Node, values: Map<string, Value>): void {
  const inputs = node.inputs.map((name) => {
    if (name !== '' && !values.has(name)) throw new Error(`no value was given for the input '${name}'`);
    return values.get(name);
  });
  const context = {
    node,
    inputs: inputs.map((value) => value?.shape),
    constant: (index: number) => inputs[index]?.host(),
  };
  const shapes = operatorOf(node).shape(context) as readonly Shape[]; // with the batch's size every one is known
  const run: Run = { device, node, context, inputs, shapes };
  const made = device.scope(() => kernelOf(node)!(run));
  node.outputs.forEach((name, i) => {
    if (name !== '' && made[i]) values.set(name, made[i]);
    else made[i]?.dispose();
  });
}
