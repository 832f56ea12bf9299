import { beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../../src/core/engines/engine.ts';
import { createOnnxRuntime } from '../../../../src/core/engines/onnxruntime.ts';
import { AtenImporter } from '../../../../src/core/formats/pytorch/aten/importer.ts';
import { Network } from '../../../../src/core/formats/pytorch/aten/network.ts';
import { TensorRef, tensorsIn, type AtenValue } from '../../../../src/core/formats/pytorch/aten/values.ts';
import { BATCH } from '../../../../src/core/graph/graph.ts';
import { float32, numbers, type Tensor } from '../../../../src/core/graph/tensor.ts';
import { largestDifference, noise } from '../run.ts';
import { expected, type Argument, type Noise } from './fixtures.ts';

/** A row's arguments: the first tensor (or list of tensors) is the network's input, the others are weights. */
class Arguments {
  readonly feeds: Record<string, Tensor<'float32'>> = {};
  #given = false;

  constructor(readonly network: Network) {}

  read(value: Argument): AtenValue {
    if (Array.isArray(value)) {
      const list = (value as readonly Argument[]).map((one) => this.#value(one, !this.#given));
      this.#given ||= list.some((one) => one instanceof TensorRef);
      return list;
    }
    const result = this.#value(value, !this.#given);
    this.#given ||= result instanceof TensorRef;
    return result;
  }

  #value(value: Argument, isInput: boolean): AtenValue {
    if (typeof value !== 'object' || value === null) return value;
    const tensor = values(value as Noise);
    if (!isInput) return new TensorRef(this.network.weight('weight', tensor));
    const name = this.network.draft.input('x', [BATCH, ...tensor.shape.slice(1)]);
    this.feeds[name] = tensor;
    return new TensorRef(name);
  }
}

function values({ noise: shape, times, absolute, plus }: Noise): Tensor<'float32'> {
  const { data } = noise(shape);
  return float32(
    data.map((value) => (absolute ? Math.abs(value) : value) * times + plus),
    shape,
  );
}

/** Functions whose first tensor is a bias or a query: all their tensors but the named one are weights. */
const INPUT_AT: Readonly<Record<string, number>> = { addmm: 1 };

describe('functions of PyTorch give what PyTorch gives', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createOnnxRuntime();
  });

  const rows = expected.functions.map((row, i) => ({ ...row, title: `${i} ${row.name}` }));

  it.each(rows)('$title', async ({ name, args, named, results }) => {
    const network = new Network(1, true);
    const given = new Arguments(network);
    const first = INPUT_AT[name] ?? 0;
    const input = given.read(args[first]!);
    const all = args.map((value, i) => (i === first ? input : given.read(value)));
    const importer = new AtenImporter(network);
    const byName = new Map(Object.entries(named) as [string, AtenValue][]);
    const made = importer.take({ name, args: all, named: byName, module: '' });
    expect(importer.unknown).toEqual([]);
    const outputs = tensorsIn(made);
    expect(outputs).toHaveLength(results.length);
    const program = await engine.compile({ ...network.draft.graph(), outputs });
    const answers = await program.run(given.feeds);
    await program.dispose();
    outputs.forEach((output, i) => {
      const answer = answers[output]!;
      expect(answer.shape).toEqual(results[i]!.shape);
      // They are rounded to four places.
      expect(largestDifference(numbers(answer), results[i]!.values)).toBeLessThan(1.5e-4);
    });
  });
});
