import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DATA_TYPE } from '../../../src/core/formats/onnx/proto.ts';
import { FORMATS } from '../../../src/core/formats/index.ts';
import { failure, floats, folder, onnxFile, write, type OnnxNode } from './files.ts';

const relu = (from: string, to: string): OnnxNode => ({ op: 'Relu', name: to, inputs: [from], outputs: [to] });
const conv: OnnxNode = { op: 'Conv', name: 'conv', inputs: ['x', 'w'], outputs: ['y'] };
const plain = () => onnxFile({ nodes: [conv], initializers: [floats('w', [3, 2, 3, 3])], outputs: ['y'] });

/** A convolution whose weights are in a file beside it. */
const external = (location: string, offset = 0, length = 216) =>
  onnxFile({
    nodes: [conv],
    initializers: [
      {
        name: 'w',
        dims: [3, 2, 3, 3],
        dataType: DATA_TYPE.float,
        dataLocation: 1,
        externalData: [
          { key: 'location', value: location },
          { key: 'offset', value: String(offset) },
          { key: 'length', value: String(length) },
        ],
      },
    ],
    outputs: ['y'],
  });

describe('malformed ONNX files', () => {
  const rows: readonly (readonly [what: string, bytes: () => Uint8Array, message: string])[] = [
    [
      'truncated',
      () => plain().subarray(0, 200),
      'not a whole ONNX file: its protobuf ends early or is damaged; export or copy it again',
    ],
    [
      'garbage',
      () => new TextEncoder().encode('this is no model at all'),
      'not a whole ONNX file: its protobuf ends early or is damaged; export or copy it again',
    ],
    ['empty', () => new Uint8Array(), 'the file is empty; a model was expected: copy it again'],
    [
      'without a graph',
      () => onnxFile({ nodes: [], outputs: [] }),
      'no ONNX graph in it: a ModelProto with nodes was expected; export the model again',
    ],
    [
      'of an old operator set',
      () => onnxFile({ opset: 6, nodes: [relu('x', 'y')], outputs: ['y'] }),
      'operator set 6; 7 or later was expected: convert it with onnx.version_converter',
    ],
    [
      'with a cycle',
      () => onnxFile({ nodes: [{ ...relu('x', 'a'), op: 'Add', inputs: ['x', 'b'] }, relu('a', 'b')], outputs: ['b'] }),
      "the graph has a cycle through Add 'a'; it can't be run",
    ],
    [
      'with a tensor made twice',
      () => onnxFile({ nodes: [relu('x', 'y'), { ...relu('x', 'y'), name: 'again' }], outputs: ['y'] }),
      "tensor 'y' is made twice, by Relu 'y' and by Relu 'again'; names must be unique",
    ],
    [
      'with two initializers of a name',
      () => onnxFile({ nodes: [conv], initializers: [floats('w', [1]), floats('w', [1])], outputs: ['y'] }),
      "initializer 'w' is there twice; names must be unique",
    ],
    [
      'with a node that makes an input',
      () => onnxFile({ nodes: [relu('x', 'x')], outputs: ['x'] }),
      "tensor 'x' is made by Relu 'x', but is an input or a weight; names must be unique",
    ],
    [
      'with a tensor that nobody makes',
      () => onnxFile({ nodes: [relu('z', 'y')], outputs: ['y'] }),
      "Relu 'y' takes 'z', which nothing in the file makes",
    ],
    [
      'with an output that nobody makes',
      () => onnxFile({ nodes: [relu('x', 'y')], outputs: ['z'] }),
      "output 'z' is made by no node; export the model again",
    ],
    [
      'with 10 GB declared in a kilobyte',
      () =>
        onnxFile({
          nodes: [conv],
          initializers: [{ ...floats('w', [1]), dims: [50_000, 50_000] }],
          outputs: ['y'],
        }),
      "initializer 'w' declares [50000, 50000], 2500000000 values, more than the file can hold; it is damaged",
    ],
    [
      'with a gigabyte declared in a kilobyte',
      () =>
        onnxFile({
          nodes: [conv],
          initializers: [{ ...floats('w', [1]), dims: [16_384, 16_384] }],
          outputs: ['y'],
        }),
      "initializer 'w' declares [16384, 16384] of float, 1073741824 bytes, but 4 are there; the file is damaged",
    ],
    [
      'with a tensor that has no values',
      () => onnxFile({ nodes: [conv], initializers: [{ name: 'w', dims: [3, 2, 3, 3], dataType: 1 }], outputs: ['y'] }),
      "initializer 'w' declares [3, 2, 3, 3] of float, 54 values, but 0 are there; the file is damaged",
    ],
    [
      'with a negative size',
      () => onnxFile({ nodes: [conv], initializers: [{ ...floats('w', [1]), dims: [-1, 4] }], outputs: ['y'] }),
      "initializer 'w' has the shape [-1, 4]; sizes of zero or more were expected",
    ],
    [
      'with strings for weights',
      () => onnxFile({ nodes: [conv], initializers: [{ name: 'w', dims: [1], dataType: 8 }], outputs: ['y'] }),
      "initializer 'w' has the element type 8, which has no numbers to show",
    ],
    [
      'with weights that do not fit',
      () => onnxFile({ nodes: [conv], initializers: [floats('w', [3, 5, 3, 3])], outputs: ['y'] }),
      "Conv 'conv' with inputs N×2×6×6, 3×5×3×3: 2 channels do not fit weights for 5 in 1 groups",
    ],
  ];

  it.each(rows)('%s', async (_, bytes, message) => {
    expect(await failure(write('model.onnx', bytes()))).toBe(message);
  });
});

describe('external data', () => {
  const data = new Uint8Array(216);

  it('is read where it is beside the file', async () => {
    const path = write('model.onnx', external('w.bin'), { 'w.bin': data });
    await expect(failure(path)).rejects.toThrow('opened, with 2 layers');
  });

  it.each([
    ['../w.bin', "it names '../w.bin', outside its own folder, which is not read; put the file beside the model"],
    [
      'a/../../w.bin',
      "it names 'a/../../w.bin', outside its own folder, which is not read; put the file beside the model",
    ],
    ['/etc/passwd', "it names '/etc/passwd', outside its own folder, which is not read; put the file beside the model"],
    ['C:\\w.bin', "it names 'C:\\w.bin', outside its own folder, which is not read; put the file beside the model"],
    ['..\\w.bin', "it names '..\\w.bin', outside its own folder, which is not read; put the file beside the model"],
    ['missing.bin', "it needs 'missing.bin': there is no such file; check the path, or copy it there"],
    ['', "initializer 'w' has external data without a location"],
  ])('at %s', async (location, message) => {
    expect(await failure(write('model.onnx', external(location), { 'w.bin': data }))).toBe(message);
  });

  it('behind a link that leaves the folder', async () => {
    writeFileSync(join(folder, 'outside.bin'), data);
    const path = write('model.onnx', external('w.bin'));
    symlinkSync(join(folder, 'outside.bin'), join(dirname(path), 'w.bin'));
    expect(await failure(path)).toBe(
      "it names 'w.bin', outside its own folder, which is not read; put the file beside the model",
    );
  });

  it.each([
    [100, 216],
    [0, 217],
    [-4, 216],
    [1e18, 216],
  ])('at byte %d, of length %d, beyond the end', async (offset, length) => {
    expect(await failure(write('model.onnx', external('w.bin', offset, length), { 'w.bin': data }))).toBe(
      `initializer 'w' is at ${offset} + ${length} bytes in 'w.bin', which has 216 bytes; copy the whole file beside the model`,
    );
  });
});

describe('files of no known format', () => {
  it('are told which ones there are', async () => {
    const message = await failure(write('model.txt', 'x'));
    expect(message).toMatch(/^no model format that is known; expected ONNX \(\.onnx\), Keras \(\.h5, \.hdf5\), /);
    for (const { title, extensions } of FORMATS) expect(message).toContain(`${title} (${extensions.join(', ')})`);
  });

  it.each([
    [
      'model.onnx',
      'version https://git-lfs.github.com/spec/v1\noid sha256:0',
      'a pointer of Git LFS, not the file itself; fetch it: git lfs pull',
    ],
    ['model.h5', '<!DOCTYPE html><html>', 'a web page, not a model; download the model again'],
    ['model.pb', '\u001f\u008b\u0008', 'packed with gzip; unpack it: gunzip model.pb'],
    ['model.onnx', '\u0089PNG\r\n\u001a\n', 'a picture, not a model; open a model, then choose this as its image'],
    [
      'a.bin',
      '\u001c\0\0\0TFL3',
      "of TensorFlow Lite's format, which is not read; make ONNX of it: python -m tf2onnx.convert --tflite a.bin --output a.onnx",
    ],
    [
      'net.mlmodel',
      '\u0008\u0001',
      "of Core ML's format, which is not read; open the model that it was made from, or export that as ONNX (.onnx)",
    ],
  ])('are told what to do with those that are read elsewhere, as %s', async (name, head, message) => {
    expect(await failure(write(name, Buffer.from(head, 'latin1')))).toBe(message);
  });

  it('are told when there is no file', async () => {
    expect(await failure(join(folder, 'nothing.onnx'))).toBe('there is no such file; check the path, or copy it there');
  });

  it('are told when it is a folder', async () => {
    expect(await failure(folder)).toBe('it is no file');
  });
});
