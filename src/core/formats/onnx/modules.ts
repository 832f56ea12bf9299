import type { Imported } from './import.ts';
import { placeOf, type Place } from './module-paths.ts';

/** Nodes of the file that make one layer, in their order, and its name. */
export interface LayerNodes {
  readonly name: string;
  readonly members: readonly Imported[];
}

/** Operators with a kernel; a module with several is several layers. */
export const KERNELS: ReadonlySet<string> = new Set(
  'Conv ConvTranspose Gemm MatMul QLinearConv QLinearMatMul ConvInteger MatMulInteger com.microsoft.QGemm'.split(' '),
);

/**
 * One layer for each module of PyTorch that has none within (a `Linear` may be two nodes, a `SiLU` is), called by its path;
 * the other nodes alone, under the path of the module around them and their own name, or as the file calls them.
 */
export function byModule(nodes: readonly Imported[]): LayerNodes[] {
  const places = new Map(nodes.map((node) => [node, placeOf(node.node)]));
  const containers = new Set<string>();
  for (const place of places.values()) for (const path of parents(place?.path ?? '')) containers.add(path);

  const modules = new Map<string, Imported[]>();
  for (const [node, place] of places) if (place && !containers.has(place.path)) append(modules, place.path, node);

  const takers = takersOf(nodes);
  const joined = new Map<Imported, readonly Imported[]>();
  for (const members of modules.values())
    for (const call of calls(members)) if (isOneLayer(call, takers)) joined.set(call.at(-1)!, call);

  const inside = new Set([...joined.values()].flat());
  return nodes.flatMap((node): LayerNodes[] => {
    const call = joined.get(node);
    const place = places.get(node);
    if (call) return [{ name: place!.path, members: call }];
    return inside.has(node) ? [] : [{ name: nameOf(node, place), members: [node] }];
  });
}

function nameOf({ node, outputs }: Imported, place: Place | undefined): string {
  if (place) return place.path === '' ? place.name : `${place.path}.${place.name}`;
  return node.name || (outputs.find((name) => name !== '') ?? '');
}

/** Paths of the modules around one; the network itself, '', is one. */
function parents(path: string): string[] {
  const parts = path.split('.');
  return ['', ...parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('.'))];
}

function takersOf(nodes: readonly Imported[]): Map<string, Imported[]> {
  const takers = new Map<string, Imported[]>();
  for (const node of nodes) for (const input of new Set(node.inputs)) append(takers, input, node);
  return takers;
}

/** A module's nodes by call: those that are connected, each call in the file's order. */
function calls(members: readonly Imported[]): Iterable<readonly Imported[]> {
  const callOf = new Map<string, Set<Imported>>(); // by the tensors that it makes
  const found = new Set<Set<Imported>>();
  for (const member of members) {
    let call = new Set([member]);
    for (const input of member.inputs) {
      const other = callOf.get(input);
      if (!other || other === call) continue;
      const [small, large] = other.size < call.size ? [other, call] : [call, other];
      for (const node of small) {
        large.add(node);
        for (const output of node.outputs) callOf.set(output, large);
      }
      found.delete(small);
      call = large;
    }
    found.add(call);
    for (const output of member.outputs) callOf.set(output, call);
  }
  const at = new Map(members.map((member, i) => [member, i]));
  return Array.from(found, (call) => [...call].sort((a, b) => at.get(a)! - at.get(b)!));
}

/** With one kernel at most, and nothing but the last node's output taken elsewhere. */
function isOneLayer(call: readonly Imported[], takers: ReadonlyMap<string, readonly Imported[]>): boolean {
  if (call.filter(({ node }) => KERNELS.has(node.op)).length > 1) return false;
  const own = new Set(call);
  return call
    .slice(0, -1)
    .every(({ outputs }) => outputs.every((output) => (takers.get(output) ?? []).every((taker) => own.has(taker))));
}

function append(lists: Map<string, Imported[]>, key: string, node: Imported): void {
  const list = lists.get(key);
  if (list) list.push(node);
  else lists.set(key, [node]);
}
