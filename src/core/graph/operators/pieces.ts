import type { GraphBuilder } from '../builder.ts';
import { asTarget, isOpen, type Shape } from '../graph.ts';
import {
  axisOf,
  constantNumbers,
  inputShape,
  number,
  text,
  type OperatorTable,
  type ShapeContext,
} from '../operator.ts';
import { broadcast, sameShape, unbroadcast, zerosLike } from './common.ts';
import { takenBack } from './positions.ts';

export const PIECES: OperatorTable = {
  Concat: {
    shape(context) {
      const shapes = context.inputs.map((_, i) => inputShape(context, i));
      const first = shapes[0]!;
      const axis = axisOf(number(context.node, 'axis', 1), first.length);
      for (const shape of shapes)
        if (shape.length !== first.length || shape.some((size, i) => i !== axis && size !== first[i]))
          throw new Error('shapes that differ beside the joined axis');
      if (shapes.some((shape) => isOpen(shape[axis]!) !== isOpen(first[axis]!))) throw new Error('more than the batch');
      return [first.map((size, i) => (i === axis ? shapes.reduce((sum, shape) => sum + shape[axis]!, 0) : size))];
    },
    gradient(context) {
      const { builder, node, inputs, wanted, gradients } = context;
      const axis = axisOf(number(node, 'axis', 1), inputs[0]!.length);
      let from = 0;
      return inputs.map((shape, i) => {
        const start = from;
        from += shape![axis]!;
        return wanted[i] ? sliceAxis(builder, gradients[0]!, axis, start, from) : undefined;
      });
    },
  },

  Split: {
    shape(context) {
      const shape = inputShape(context, 0);
      const axis = axisOf(number(context.node, 'axis', 0), shape.length);
      return splitSizes(context, shape[axis]!).map((part) => shape.map((size, i) => (i === axis ? part : size)));
    },
    gradient(context) {
      const { builder, node, gradients } = context;
      const axis = axisOf(number(node, 'axis', 0), inputShape(context, 0).length);
      const parts = gradients.map((gradient, i) => gradient ?? zerosLike(builder, node.outputs[i]!));
      return [builder.add('Concat', parts, { axis })];
    },
  },

  Slice: {
    shape(context) {
      const ranges = sliceRanges(context);
      return [inputShape(context, 0).map((size, axis) => ranges.get(axis)?.length ?? size)];
    },
    gradient(context) {
      const shape = inputShape(context, 0);
      let gradient = context.gradients[0]!;
      for (const [axis, { start, step, length }] of sliceRanges(context)) {
        const positions = Array.from({ length }, (_, i) => start + i * step);
        gradient = takenBack(context.builder, gradient, shape.length, axis, positions, shape[axis]!);
      }
      return [gradient];
    },
  },

  Pad: {
    shape(context) {
      const shape = inputShape(context, 0);
      const { begin, end } = padding(context);
      if (shape.some((size, axis) => isOpen(size) && (begin[axis] || end[axis])))
        throw new Error('more than the batch');
      return [shape.map((size, axis) => (begin[axis] || end[axis] ? size + begin[axis]! + end[axis]! : size))];
    },
    gradient(context) {
      const { builder, node, gradients } = context;
      const { begin, end } = padding(context);
      const mode = text(node, 'mode', 'constant');
      if (mode === 'constant')
        return [builder.add('Pad', [gradients[0]!, builder.ints([...begin, ...end].map((pad) => -pad))])];
      const shape = inputShape(context, 0);
      return [
        shape.reduce((gradient, size, axis) => {
          if (begin[axis] === 0 && end[axis] === 0) return gradient;
          const positions = paddedPositions(mode, size, begin[axis]!, end[axis]!);
          return takenBack(builder, gradient, shape.length, axis, positions, size);
        }, gradients[0]!),
      ];
    },
  },

  Expand: {
    shape: (context) => [broadcast(inputShape(context, 0), constantNumbers(context, 1))],
    gradient: (context) => [
      unbroadcast(context.builder, context.gradients[0]!, context.outputs[0]!, inputShape(context, 0)),
    ],
  },

  Gather: {
    shape(context) {
      const shape = inputShape(context, 0);
      const axis = axisOf(number(context.node, 'axis', 0), shape.length);
      return [[...shape.slice(0, axis), ...inputShape(context, 1), ...shape.slice(axis + 1)]];
    },
    gradient(context) {
      const { builder, gradients } = context;
      const shape = inputShape(context, 0);
      const axis = axisOf(number(context.node, 'axis', 0), shape.length);
      if (isOpen(shape[axis]!)) throw new Error('no gradient for images taken out of the batch');
      const size = shape[axis]!;
      const positions = constantNumbers(context, 1).map((at) => (at < 0 ? at + size : at));
      const one = [...shape.slice(0, axis), positions.length, ...shape.slice(axis + 1)];
      const flat =
        inputShape(context, 1).length === 1
          ? gradients[0]!
          : builder.add('Reshape', [gradients[0]!, builder.ints(asTarget(one))]);
      return [takenBack(builder, flat, shape.length, axis, positions, size)];
    },
  },
  ScatterElements: { shape: sameShape },
};

function sliceAxis(builder: GraphBuilder, tensor: string, axis: number, start: number, end: number): string {
  return builder.add('Slice', [tensor, builder.ints([start]), builder.ints([end]), builder.ints([axis])]);
}

export function splitSizes(context: ShapeContext, size: number): number[] {
  if (context.inputs[1]) {
    if (isOpen(size)) throw new Error('parts of the batch');
    return constantNumbers(context, 1);
  }
  const parts = context.node.outputs.length;
  const each = Math.ceil(size / parts);
  return Array.from({ length: parts }, (_, i) => Math.min(each, size - i * each));
}

interface Range {
  readonly start: number;
  readonly step: number;
  readonly length: number;
}

/** What Slice keeps, by axis; negative positions count from the end, positions beyond are clamped (ONNX, Slice). */
export function sliceRanges(context: ShapeContext): Map<number, Range> {
  const shape: Shape = inputShape(context, 0);
  const starts = constantNumbers(context, 1);
  const ends = constantNumbers(context, 2);
  const axes = context.inputs[3] ? constantNumbers(context, 3) : starts.map((_, i) => i);
  const steps = context.inputs[4] ? constantNumbers(context, 4) : starts.map(() => 1);
  const ranges = new Map<number, Range>();
  axes.forEach((given, i) => {
    const axis = axisOf(given, shape.length);
    const size = shape[axis]!;
    const step = steps[i]!;
    if (isOpen(size)) {
      if (starts[i] === 0 && step === 1 && ends[i]! > 2 ** 31 - 2) return; // all of the batch
      throw new Error('a part of the batch');
    }
    const low = step > 0 ? 0 : -1;
    const clamp = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, low), step > 0 ? size : size - 1);
    const [start, end] = [clamp(starts[i]!), ends[i]! < -size ? low : clamp(ends[i]!)];
    ranges.set(axis, { start, step, length: Math.max(0, Math.ceil((end - start) / step)) });
  });
  return ranges;
}

/** Padding by axis; ONNX 18 lets a fourth input name the axes. */
export function padding(context: ShapeContext): { begin: number[]; end: number[] } {
  const shape = inputShape(context, 0);
  const pads = constantNumbers(context, 1);
  const axes = context.inputs[3]
    ? constantNumbers(context, 3).map((axis) => axisOf(axis, shape.length))
    : shape.map((_, axis) => axis);
  const begin = shape.map(() => 0);
  const end = shape.map(() => 0);
  axes.forEach((axis, i) => {
    begin[axis] = pads[i]!;
    end[axis] = pads[i + axes.length]!;
  });
  return { begin, end };
}

/** For each position of a padded axis, the one whose value it has (ONNX, Pad: modes reflect, edge and wrap). */
function paddedPositions(mode: string, size: number, begin: number, end: number): number[] {
  const around = (at: number, period: number) => ((at % period) + period) % period;
  const reflected = (at: number) => (size === 1 ? 0 : size - 1 - Math.abs(size - 1 - around(at, 2 * (size - 1))));
  return Array.from({ length: begin + size + end }, (_, i) => {
    const at = i - begin;
    if (mode === 'reflect') return reflected(at);
    if (mode === 'edge') return Math.min(Math.max(at, 0), size - 1);
    if (mode === 'wrap') return around(at, size);
    throw new Error(`no gradient for Pad in mode ${mode}`);
  });
}
