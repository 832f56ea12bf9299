import { elements, type DType, type Tensor } from '../../graph/tensor.ts';
import type { Shape } from '../../graph/graph.ts';
import type { Device, TfTensor } from './device.ts';

/**
 * How the values of a tensor lie on the device: as ONNX has them, or with the channels last (N×H×W×C), as convolution
 * and pooling want them. A value is turned when it is first asked for in the other order, and then has both.
 */
export type Layout = 'onnx' | 'last';

const TO_LAST = [0, 2, 3, 1];
const TO_ONNX = [0, 3, 1, 2];

const lastShape = ([n, c, h, w]: Shape): number[] => [n!, h!, w!, c!];

/** A tensor of a run: on the device in one layout or both, or on the host, moved when that is needed. */
export class Value {
  readonly #device: Device;
  readonly #forms: Partial<Record<Layout, TfTensor>> = {};
  #host: Tensor | undefined;
  readonly #views = new Map<string, Value>();
  readonly #prepared = new Map<string, TfTensor>();

  private constructor(
    device: Device,
    /** In ONNX's order, whatever the layout. */
    readonly shape: Shape,
    readonly dtype: DType,
    /** The layout in which it was made. */
    readonly layout: Layout,
  ) {
    this.#device = device;
  }

  static ofHost(device: Device, tensor: Tensor): Value {
    const value = new Value(device, tensor.shape, tensor.dtype, 'onnx');
    value.#host = tensor;
    return value;
  }

  /** Takes the tensor over; its own shape only has to hold as many values. */
  static ofDevice(device: Device, tensor: TfTensor, shape: Shape, dtype: DType, layout: Layout): Value {
    const value = new Value(device, shape, dtype, layout);
    value.#set(layout, tensor);
    return value;
  }

  /** On the device; the value owns what it returns. */
  get(layout: Layout): TfTensor {
    return this.#forms[layout] ?? this.#device.scope(() => this.#set(layout, this.#turned(layout)));
  }

  /** Its values in ONNX's order. */
  host(): Tensor {
    if (this.#host) return this.#host;
    const data = this.#device.download(this.get('onnx'));
    const wide = this.dtype === 'int64' ? BigInt64Array.from(data as Int32Array, BigInt) : data;
    return (this.#host = { dtype: this.dtype, shape: this.shape, data: wide as Float32Array });
  }

  /** The same values in another shape; owned by this one. */
  view(shape: Shape): Value {
    if (shape.length === this.shape.length && shape.every((size, axis) => size === this.shape[axis])) return this;
    const key = shape.join();
    let view = this.#views.get(key);
    if (!view) {
      view = this.#device.scope(() =>
        Value.ofDevice(this.#device, this.#reshaped(this.get('onnx'), shape), shape, this.dtype, 'onnx'),
      );
      this.#views.set(key, view);
    }
    return view;
  }

  /** Made from it once and kept with it, as a convolution's kernel in TensorFlow's order. */
  prepared(key: string, make: () => TfTensor): TfTensor {
    let tensor = this.#prepared.get(key);
    if (!tensor) {
      tensor = this.#device.scope(() => this.#device.keep(make()));
      this.#prepared.set(key, tensor);
    }
    return tensor;
  }

  dispose(): void {
    for (const view of this.#views.values()) view.dispose();
    for (const tensor of this.#prepared.values()) tensor.dispose();
    for (const tensor of Object.values(this.#forms)) tensor.dispose();
  }

  #set(layout: Layout, tensor: TfTensor): TfTensor {
    const shape = layout === 'last' ? lastShape(this.shape) : this.shape;
    const fits = tensor.shape.length === shape.length && tensor.shape.every((size, axis) => size === shape[axis]);
    return (this.#forms[layout] = this.#device.keep(fits ? tensor : this.#reshaped(tensor, shape)));
  }

  #reshaped(tensor: TfTensor, shape: Shape): TfTensor {
    return this.#device.reshape(tensor, shape);
  }

  #turned(layout: Layout): TfTensor {
    const other = this.#forms[layout === 'onnx' ? 'last' : 'onnx'];
    if (!other) {
      if (layout === 'onnx') return this.#device.upload(this.#host!);
      return this.#transposed(this.get('onnx'), 'last');
    }
    return this.#transposed(other, layout);
  }

  #transposed(tensor: TfTensor, layout: Layout): TfTensor {
    const [, channels, ...sizes] = this.shape;
    if (channels === 1 || elements(sizes) === 1)
      return this.#reshaped(tensor, layout === 'last' ? lastShape(this.shape) : this.shape); // the same order in memory
    return this.#device.run('Transpose', { x: tensor }, { perm: layout === 'last' ? TO_LAST : TO_ONNX });
  }
}
