import { usageError } from '../errors.ts';
import type { Node } from '../graph/graph.ts';
import { number } from '../graph/operator.ts';
import { findLayer } from '../layers.ts';
import type { Layer } from '../model.ts';
import type { Session } from '../session.ts';
import { flattenedMap, kernelNode, kernelsOf } from '../visualizers/kernels.ts';
import { ChannelSources, type Source } from './sources.ts';

/** A unit of another layer, and how strongly it is connected. */
export interface Connection {
  readonly layer: string;
  readonly unit: number;
  /** √Σw² of the kernel between the two units, with what scales the channel on the way. */
  readonly norm: number;
  /** Σw of the same: whether it rather excites (above zero) or inhibits. */
  readonly sum: number;
}

/** The strongest first. */
export interface Connections {
  readonly layer: string;
  readonly unit: number;
  readonly incoming: readonly Connection[];
  readonly outgoing: readonly Connection[];
}

/** What is known of a layer with a kernel: the sources of its input channels, and the weights between them and its units. */
interface Kernel {
  readonly layer: Layer;
  readonly node: Node;
  readonly units: number;
  /** By input channel. */
  readonly sources: readonly (readonly Source[])[];
  /** √Σw² and Σw between a unit and an input channel; undefined where a group keeps them apart. */
  weight(unit: number, channel: number): { readonly norm: number; readonly sum: number } | undefined;
}

/**
 * The units of neighbouring layers that a unit is connected to most strongly, at most `count` in each direction, by the norm of
 * the kernel between them (DrawNet, Torralba & Zhou). Neighbours are the nearest layers with kernels, through whatever keeps
 * channels apart. A layer without a kernel stands for the one whose channels it passes on. Throws a usage error for a layer
 * or unit that there is not.
 */
export function connections(session: Session, layerName: string, unit: number, count = 12): Connections {
  const chosen = findLayer(session, layerName);
  const { model } = session;
  const kernelLayers = model.layers.flatMap((layer) => {
    const node = kernelNode(model, layer);
    const isGrouped = node?.op === 'ConvTranspose' && number(node, 'group', 1) > 1;
    return node && !isGrouped && session.shapes.has(node.outputs[0]!) ? [{ layer, node }] : [];
  });
  const names = new Set(kernelLayers.map(({ node }) => node.name));
  const sources = new ChannelSources(model.graph, session.shapes, names);
  const owners = new Map<string, string>([
    ...model.layers.filter(({ nodes }) => nodes.length === 0).map(({ output, name }) => [output, name] as const),
    ...kernelLayers.map(({ layer, node }) => [node.outputs[0]!, layer.name] as const),
  ]);

  const own = kernelLayers.find(({ layer }) => layer === chosen);
  const meant: readonly Source[] | undefined = own
    ? unit < session.shapes.get(own.node.outputs[0]!)![1]!
      ? [{ tensor: own.node.outputs[0]!, channel: unit, scale: 1 }]
      : undefined
    : sources.of(chosen.output)?.[unit];
  if (!meant) throw usageError(`Layer '${layerName}' has no unit ${unit} whose connections are known.`);

  const incoming = new Strongest(count);
  const outgoing = new Strongest(count);
  const [only] = meant;
  const kernel = kernelLayers.find(({ node }) => node.outputs[0] === only?.tensor);
  if (meant.length === 1 && kernel)
    collectIncoming(kernelOf(session, sources, kernel), only!.channel, owners, incoming);
  else
    for (const { tensor, channel, scale } of meant)
      incoming.add({ layer: owners.get(tensor)!, unit: channel, norm: Math.abs(scale), sum: scale });
  for (const other of kernelLayers) {
    const known = sources.of(flattenedOf(session, other.node)?.tensor ?? other.node.inputs[0]!);
    const channels = known?.flatMap((from, c) => {
      const shared = from.find(({ tensor, channel }) =>
        meant.some((m) => m.tensor === tensor && m.channel === channel),
      );
      return shared ? [{ c, scale: shared.scale }] : [];
    });
    if (channels?.length) collectOutgoing(kernelOf(session, sources, other), channels, outgoing);
  }
  return { layer: layerName, unit, incoming: incoming.sorted(), outgoing: outgoing.sorted() };
}

function collectIncoming(kernel: Kernel, unit: number, owners: ReadonlyMap<string, string>, into: Strongest): void {
  kernel.sources.forEach((from, channel) => {
    const weight = from.length ? kernel.weight(unit, channel) : undefined;
    if (!weight) return;
    for (const { tensor, channel: source, scale } of from)
      into.add({
        layer: owners.get(tensor)!,
        unit: source,
        norm: weight.norm * Math.abs(scale),
        sum: weight.sum * scale,
      });
  });
}

function collectOutgoing(
  kernel: Kernel,
  channels: readonly { readonly c: number; readonly scale: number }[],
  into: Strongest,
): void {
  for (let unit = 0; unit < kernel.units; unit++)
    for (const { c, scale } of channels) {
      const weight = kernel.weight(unit, c);
      if (weight)
        into.add({
          layer: kernel.layer.name,
          unit,
          norm: weight.norm * Math.abs(scale),
          sum: weight.sum * scale,
        });
    }
}

/** The map that a dense layer's input is the flattening of. */
function flattenedOf({ model, shapes }: Session, { op, inputs }: Node) {
  if (/^Conv/.test(op)) return undefined;
  const map = flattenedMap(model, shapes, inputs[0]!);
  return map?.shape.reduce((a, b) => a * b) === shapes.get(inputs[0]!)?.[1] ? map : undefined;
}

function kernelOf(
  session: Session,
  sources: ChannelSources,
  given: { readonly layer: Layer; readonly node: Node },
): Kernel {
  const { layer, node } = given;
  const { weights } = kernelsOf(session, layer);
  const flattened = flattenedOf(session, node);
  const [units, inputs, height, width] = weights.shape as readonly [number, number, number, number];
  const groups = node.op === 'Conv' ? number(node, 'group', 1) : 1;
  const area = flattened ? flattened.shape[1] * flattened.shape[2] : height * width;
  const channels = flattened ? flattened.shape[0] : inputs;
  const apart = flattened?.order === 'HWC' ? channels : 1;
  return {
    layer,
    node,
    units,
    sources: sources.of(flattened?.tensor ?? node.inputs[0]!) ?? [],
    weight(unit, channel) {
      const first = groups === 1 ? 0 : Math.floor(unit / (units / groups)) * inputs;
      const own = channel - first;
      if (own < 0 || own >= channels) return undefined;
      const start = unit * inputs * height * width + (apart === 1 ? own * area : own);
      let [squares, sum] = [0, 0];
      for (let i = 0; i < area; i++) {
        const value = weights.data[start + i * apart]!;
        squares += value * value;
        sum += value;
      }
      return { norm: Math.sqrt(squares), sum };
    },
  };
}

/** The strongest connections, each unit once. */
class Strongest {
  readonly #found = new Map<string, Connection>();

  constructor(private readonly count: number) {}

  add(connection: Connection): void {
    const key = `${connection.unit} ${connection.layer}`;
    const known = this.#found.get(key);
    const norm = known ? Math.hypot(known.norm, connection.norm) : connection.norm;
    this.#found.set(key, { ...connection, norm, sum: connection.sum + (known?.sum ?? 0) });
  }

  sorted(): Connection[] {
    return [...this.#found.values()]
      .filter(({ norm }) => norm > 0)
      .sort((a, b) => b.norm - a.norm || a.unit - b.unit)
      .slice(0, this.count);
  }
}
