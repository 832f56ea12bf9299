import type { Node } from '../../graph/graph.ts';
import { number } from '../../graph/operator.ts';
import { shapeContext } from '../../graph/shapes.ts';
import { centres } from '../../graph/rules/switches.ts';
import { slide, windowOf } from '../../graph/windows.ts';
import type { Tensor } from '../../graph/tensor.ts';
import type { Session } from '../../session.ts';
import type { Context } from '../../visualizers/visualizer.ts';
import { rowsFor, type Goal } from '../goal.ts';
import { ARRIVES, arriving, candidates, oneOperator, SENT, signals, type Kind } from './operators.ts';
import { convolutionRow, poolingRows, rectifierRows, type Row, type Seen } from './rows.ts';

const ROWS: Readonly<Record<Kind, (seen: Seen) => Row[]>> = {
  convolution: convolutionRow,
  rectifier: rectifierRows,
  'max-pooling': poolingRows,
};
/** Rows of a kind that say all. */
const FULL: Readonly<Record<Kind, number>> = { convolution: 1, rectifier: 4, 'max-pooling': 2 };
const MISSING: Readonly<Record<Kind, string>> = {
  convolution: 'There is no convolution below it that anything arrives at.',
  rectifier: 'There is no ReLU below it that anything arrives at: there the three ways would differ.',
  'max-pooling': 'There is no max-pooling below it that anything arrives at.',
};

/** The rows of the table: of each kind of operator the uppermost below the unit that shows all its cases, or most of them. */
export async function relationRows(context: Context, goal: Goal): Promise<{ rows: Row[]; notes: string[] }> {
  const { session, image } = context;
  const { graph } = session.model;
  const found = candidates(graph, goal.objective);
  const nodes = Object.values(found).flat();
  if (nodes.length === 0) return { rows: [], notes: Object.values(MISSING) };
  const images = Array.from({ length: image.tensor.shape[0]! }, (_, i) => i);
  const values = await session.run(`relation(${goal.objective.key})`, () => signals(graph, goal.objective, nodes), {
    ...rowsFor(context, goal, images),
    [image.input.name]: image.tensor,
  });
  const rows: Row[] = [];
  const notes: string[] = [];
  for (const kind of Object.keys(ROWS) as Kind[]) {
    let best: Row[] = [];
    for (const node of found[kind]) {
      const own = ROWS[kind](await see(session, node, kind, values));
      if (own.length > best.length) best = own;
      if (best.length === FULL[kind]) break;
    }
    rows.push(...best);
    if (best.length === 0) notes.push(MISSING[kind]);
  }
  return { rows, notes };
}

/** An operator alone, for the first image. */
async function see(session: Session, node: Node, kind: Kind, values: Record<string, Tensor>): Promise<Seen> {
  const { shapes, model } = session;
  const [input, output] = [node.inputs[0]!, node.outputs[0]!];
  const [x, y, arrives] = [values[input]!, values[output]!, values[arriving(output)]!];
  const first = ({ data, shape }: Tensor) => (data as Float32Array).subarray(0, data.length / shape[0]!);
  const back = async (rule: string) => {
    const program = await session.engine.compile(oneOperator(model.graph, shapes, node, rule));
    try {
      return first((await program.run({ [input]: x, [ARRIVES]: arrives }))[SENT]!);
    } finally {
      await program.dispose();
    }
  };
  const byWay = async (switches: 'recorded' | 'none') => ({
    gradient: await back('gradient'),
    deconvnet: await back(`deconvnet,switches=${switches}`),
    guided: await back(`guided,switches=${switches}`),
  });
  const layer = model.layers.find(({ nodes }) => nodes.includes(node.name));
  return {
    name: layer?.name ?? node.name,
    input: x.shape.slice(1),
    output: y.shape.slice(1),
    x: first(x),
    y: first(y),
    arrives: first(arrives),
    sent: await byWay('recorded'),
    ...(kind === 'max-pooling' && { unswitched: await byWay('none'), centre: centreOf(session, node) }),
  };
}

/** From a place in a max-pooling's output to the centre of its window, both counted through channels, rows and columns. */
function centreOf({ shapes, model }: Session, node: Node): (place: number) => number {
  const context = shapeContext(node, shapes, model.graph.constants);
  const window = windowOf(context);
  const sizes = context.inputs[0]!.slice(2);
  const out = slide(sizes, window, number(node, 'ceil_mode', 0) === 1);
  const at = sizes.map((size, axis) => centres(size, out[axis]!, window, axis));
  return (place) => {
    const inside = place % (out[0]! * out[1]!);
    const channel = Math.floor(place / (out[0]! * out[1]!));
    const [row, column] = [at[0]![Math.floor(inside / out[1]!)]!, at[1]![inside % out[1]!]!];
    return (channel * sizes[0]! + row) * sizes[1]! + column;
  };
}
