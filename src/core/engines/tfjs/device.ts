import type { NamedAttrMap, NamedTensorMap, Tensor as TfTensor } from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { DType, Tensor } from '../../graph/tensor.ts';
import type * as Library from './tensorflow-js.ts';

export type { TfTensor };

export type TfType = 'float32' | 'int32' | 'bool';
export type Values = Float32Array | Int32Array | Uint8Array;

/** What a tensor of ours is on a device: TensorFlow.js has no 64-bit numbers. */
export const tfType = (dtype: DType): TfType => (dtype === 'int64' ? 'int32' : dtype);

/** One backend of TensorFlow.js: its kernels, called by name, and loops of ours over its memory. */
export class Device {
  readonly #engine: ReturnType<typeof Library.engine>;

  constructor(
    readonly library: Pick<typeof Library, 'engine' | 'setBackend'>,
    readonly backend: 'wasm' | 'tensorflow',
  ) {
    this.#engine = library.engine();
  }

  /** TensorFlow's own kernels broadcast every type, but take no explicit padding; memory is out of our reach. */
  get native(): boolean {
    return this.backend === 'tensorflow';
  }

  /** Two devices may live in one process; to be called before anything else of a run, which then may not wait. */
  async activate(): Promise<void> {
    if (this.#engine.backendName !== this.backend && !(await this.library.setBackend(this.backend)))
      throw new Error(`the backend ${this.backend} can't be started`);
  }

  /** Disposes what `work` made and did not keep. */
  scope<T>(work: () => T): T {
    this.#engine.startScope();
    try {
      return work();
    } finally {
      this.#engine.endScope();
    }
  }

  keep<T extends TfTensor>(tensor: T): T {
    return this.#engine.keep(tensor);
  }

  run(
    kernel: string,
    inputs: Readonly<Record<string, TfTensor>> | readonly TfTensor[],
    attributes: object = {},
  ): TfTensor {
    const made = this.#engine.runKernel(kernel, inputs as unknown as NamedTensorMap, attributes as NamedAttrMap);
    return (Array.isArray(made) ? made[0] : made) as TfTensor;
  }

  runAll(kernel: string, inputs: Readonly<Record<string, TfTensor>>, attributes: object): TfTensor[] {
    return this.#engine.runKernel(kernel, inputs as NamedTensorMap, attributes as NamedAttrMap) as TfTensor[];
  }

  reshape(tensor: TfTensor, shape: readonly number[]): TfTensor {
    return this.run('Reshape', { x: tensor }, { shape: [...shape] });
  }

  upload({ data, shape, dtype }: Tensor): TfTensor {
    const values = data instanceof BigInt64Array ? Int32Array.from(data, Number) : data;
    return this.#engine.makeTensor(values, [...shape], tfType(dtype)) as TfTensor;
  }

  scalar(value: number): TfTensor {
    return this.upload({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
  }

  download(tensor: TfTensor): Values {
    return this.#engine.readSync(tensor.dataId) as Values;
  }

  /** A tensor made by a loop of ours; on wasm it runs on the heap itself. `fill` must write every value. */
  compute<D extends TfType>(
    dtype: D,
    shape: readonly number[],
    inputs: readonly TfTensor[],
    fill: (
      out: D extends 'float32' ? Float32Array : D extends 'int32' ? Int32Array : Uint8Array,
      ...ins: Values[]
    ) => void,
  ): TfTensor {
    type Out = Parameters<typeof fill>[0];
    if (this.native) {
      const size = shape.reduce((product, length) => product * length, 1);
      const out = new { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype](size) as Out;
      fill(out, ...inputs.map((input) => this.download(input)));
      return this.#engine.makeTensor(out, [...shape], dtype) as TfTensor;
    }
    const wasm = this.#engine.backend as BackendWasm;
    const made = wasm.makeOutput([...shape], dtype);
    // Views only now: the heap may have grown, and moved.
    const view = (tensor: Parameters<BackendWasm['typedArrayFromHeap']>[0]) =>
      wasm.typedArrayFromHeap(tensor) as Values;
    fill(view(made) as Out, ...inputs.map(view));
    return this.#engine.makeTensorFromTensorInfo(made) as TfTensor;
  }
}
