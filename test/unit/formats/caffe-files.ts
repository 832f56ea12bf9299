import protobuf from 'protobufjs/light.js';
import { buildNet } from '../../../src/core/formats/caffe/build.ts';
import { netOf } from '../../../src/core/formats/caffe/net.ts';
import { runnable } from '../../../src/core/formats/caffe/runnable.ts';
import { readText } from '../../../src/core/formats/caffe/text.ts';
import { NO_WEIGHTS } from '../../../src/core/formats/caffe/weights.ts';
import { elements } from '../../../src/core/graph/tensor.ts';

export interface StoredBlob {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

export interface StoredLayer {
  readonly name: string;
  readonly type: string;
  readonly blobs: readonly StoredBlob[];
  readonly bottoms?: readonly string[];
  readonly tops?: readonly string[];
  /** Writes further fields. */
  readonly more?: (writer: protobuf.Writer) => void;
}

/** How a blob is written: as today, or with four sizes, or in double precision. */
export type BlobForm = 'shape' | 'four sizes' | 'double';

/** A field with a message in it. */
export function nested(writer: protobuf.Writer, id: number, write: (writer: protobuf.Writer) => void): protobuf.Writer {
  writer.uint32((id << 3) | 2).fork();
  write(writer);
  return writer.ldelim();
}

export function writeBlob(writer: protobuf.Writer, { shape, values }: StoredBlob, form: BlobForm = 'shape'): void {
  if (form === 'four sizes') {
    const sizes = [...new Array<number>(4 - shape.length).fill(1), ...shape];
    sizes.forEach((size, i) => writer.uint32((i + 1) << 3).int64(size));
  } else
    nested(writer, 7, (inner) => {
      nested(inner, 1, (dims) => shape.forEach((size) => dims.int64(size)));
    });
  const array = form === 'double' ? Float64Array.from(values) : Float32Array.from(values);
  writer.uint32(((form === 'double' ? 8 : 5) << 3) | 2).bytes(new Uint8Array(array.buffer));
}

/** A `.caffemodel` of today's Caffe. */
export function caffeModel(layers: readonly StoredLayer[], form: BlobForm = 'shape'): Uint8Array {
  const writer = new protobuf.Writer();
  for (const { name, type, blobs, bottoms = [], tops = [], more } of layers)
    nested(writer, 100, (layer) => {
      layer.uint32(10).string(name).uint32(18).string(type);
      for (const bottom of bottoms) layer.uint32(26).string(bottom);
      for (const top of tops) layer.uint32(34).string(top);
      for (const blob of blobs) nested(layer, 7, (inner) => writeBlob(inner, blob, form));
      more?.(layer);
    });
  return writer.finish();
}

/** Numbers of the types in `V1LayerParameter`. */
const V1_TYPES: Readonly<Record<string, number>> = {
  Convolution: 4,
  InnerProduct: 14,
  Data: 5,
  ReLU: 18,
  SoftmaxWithLoss: 21,
};

/** A `.caffemodel` of 2014: `layers`, types by number, blobs of four sizes. */
export function caffeModelV1(layers: readonly StoredLayer[]): Uint8Array {
  const writer = new protobuf.Writer();
  for (const { name, type, blobs, bottoms = [], tops = [], more } of layers)
    nested(writer, 2, (layer) => {
      for (const bottom of bottoms) layer.uint32(18).string(bottom);
      for (const top of tops) layer.uint32(26).string(top);
      layer.uint32(34).string(name).uint32(40).uint32(V1_TYPES[type]!);
      for (const blob of blobs) nested(layer, 6, (inner) => writeBlob(inner, blob, 'four sizes'));
      more?.(layer);
    });
  return writer.finish();
}

/** A `.caffemodel` of 2013: a `layer` inside each of the `layers`. */
export function caffeModelV0(layers: readonly StoredLayer[]): Uint8Array {
  const writer = new protobuf.Writer();
  for (const { name, type, blobs } of layers)
    nested(writer, 2, (layers) => {
      nested(layers, 1, (layer) => {
        layer.uint32(10).string(name).uint32(18).string(type);
        for (const blob of blobs) nested(layer, 50, (inner) => writeBlob(inner, blob, 'four sizes'));
      });
    });
  return writer.finish();
}

/** Values for the learned layers of a `.prototxt`, of a size that keeps what flows through the net near one. */
export function someWeights(prototxt: string, seed = 1): StoredLayer[] {
  const { layers, graph } = buildNet(
    runnable(netOf(readText(prototxt)), () => []),
    NO_WEIGHTS,
  );
  let state = seed;
  const random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 - 0.5;
  };
  return layers.flatMap(({ name, kind }) => {
    const blobs = PARTS.flatMap((part) => {
      const shape = graph.constants.get(`${name}/${part}`)?.shape;
      if (!shape) return [];
      const fan = part === 'weight' ? elements(shape.slice(1)) : 12;
      const width = Math.sqrt(12 / fan);
      const offset = part === 'scale' || part === 'variance' ? 1.2 : 0;
      const values = Float32Array.from({ length: elements(shape) }, () => width * random() + offset);
      return [{ shape: part === 'weight' ? shape : [elements(shape)], values }];
    });
    if (kind === 'BatchNorm') blobs.push({ shape: [1], values: Float32Array.of(2) });
    return blobs.length > 0 ? [{ name, type: kind, blobs }] : [];
  });
}

/** Names of constants, in the order in which Caffe stores them. */
const PARTS = ['weight', 'mean', 'variance', 'scale', 'slope', 'bias'];
