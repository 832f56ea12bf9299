import { GraphBuilder } from '../graph/builder.ts';
import type { Attribute, Node, Shape } from '../graph/graph.ts';
import { inferNode } from '../graph/shapes.ts';
import type { DType, Tensor } from '../graph/tensor.ts';

/** A graph that an importer builds: the shape of each tensor is known as soon as its node stands. */
export class Draft extends GraphBuilder {
  readonly shapes = new Map<string, Shape>();
  /** The node that makes a tensor. */
  readonly makers = new Map<string, Node>();

  override input(name: string, shape: Shape, dtype: DType = 'float32'): string {
    const unique = super.input(name, shape, dtype);
    this.shapes.set(unique, shape);
    return unique;
  }

  override constant(wish: string, value: Tensor): string {
    const name = super.constant(wish, value);
    this.shapes.set(name, value.shape);
    return name;
  }

  override addNode(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name?: string,
  ): readonly string[] {
    const made = super.addNode(op, inputs, outputs, attributes, name);
    const node = this.nodes.at(-1)!;
    for (const output of made) this.makers.set(output, node);
    inferNode(node, this.shapes, this.constants);
    return made;
  }

  /** Takes away the constants that neither a node nor an output uses. */
  dropUnused(): void {
    const used = new Set([...this.outputs, ...this.nodes.flatMap((node) => node.inputs)]);
    for (const name of this.constants.keys()) if (!used.has(name)) this.constants.delete(name);
  }
}
