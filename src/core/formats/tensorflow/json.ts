import { damaged } from '../failure.ts';
import { DT, type AttrValue, type GraphDef, type NodeDef, type SignatureDef, type TensorShapeProto } from './proto.ts';

/** A JSON value that may be anything. */
type Json = Readonly<Record<string, unknown>>;

const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const array = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const string = (value: unknown): string => (typeof value === 'string' ? value : '');
const entries = <T>(value: unknown, read: (value: unknown) => T) =>
  Object.entries(object(value)).map(([key, one]) => ({ key, value: read(one) }));

/** A GraphDef as JSON: 64-bit numbers as text, bytes in base64 or as numbers, types by name or number. */
export function graphOfJson(topology: unknown): GraphDef {
  const { node, library } = object(topology);
  if (!Array.isArray(node) || node.length === 0)
    throw damaged("no nodes in its 'modelTopology'; convert the model again");
  return {
    node: node.map(nodeOf),
    library: {
      function: array(object(library).function).map((value) => {
        const { signature, nodeDef, ret } = object(value);
        const { name, inputArg, outputArg } = object(signature);
        return {
          signature: { name: string(name), inputArg: named(inputArg), outputArg: named(outputArg) },
          node: array(nodeDef).map(nodeOf),
          ret: entries(ret, string),
        };
      }),
    },
  };
}

const named = (list: unknown) => array(list).map((arg) => ({ name: string(object(arg).name) }));

/** The ends of a model, where model.json names them. */
export function signatureOfJson(value: unknown): SignatureDef | undefined {
  const { inputs, outputs } = object(value);
  if (!inputs || !outputs) return undefined;
  const info = (one: unknown) => {
    const { name, dtype, tensorShape } = object(one);
    return { name: string(name), dtype: typeOf(dtype), shape: shapeOf(tensorShape) };
  };
  return { inputs: entries(inputs, info), outputs: entries(outputs, info) };
}

function nodeOf(value: unknown): NodeDef {
  const { name, op, input, attr } = object(value);
  return { name: string(name), op: string(op), input: array(input).map(string), attr: entries(attr, attributeOf) };
}

function attributeOf(value: unknown): AttrValue {
  const { list, s, i, f, b, type, shape, func } = object(value);
  return {
    ...(list !== undefined && { list: listOf(list) }),
    ...(s !== undefined && { s: bytesOf(s) }),
    ...(i !== undefined && { i: Number(i) }),
    ...(f !== undefined && { f: Number(f) }),
    ...(b !== undefined && { b: b === true }),
    ...(type !== undefined && { type: typeOf(type) }),
    ...(shape !== undefined && { shape: shapeOf(shape) }),
    ...(func !== undefined && { func: { name: string(object(func).name) } }),
  };
}

function listOf(value: unknown): AttrValue['list'] {
  const { s, i, f, shape } = object(value);
  return {
    s: array(s).map(bytesOf),
    i: array(i).map(Number),
    f: array(f).map(Number),
    shape: array(shape).map((one) => shapeOf(one) ?? {}),
  };
}

function bytesOf(value: unknown): Uint8Array {
  return Array.isArray(value)
    ? Uint8Array.from(value as number[])
    : new Uint8Array(Buffer.from(string(value), 'base64'));
}

/** `DT_FLOAT`, or its number. */
function typeOf(value: unknown): number {
  if (typeof value === 'number') return value;
  const name = string(value).replace(/^DT_/, '').toLowerCase();
  return Object.hasOwn(DT, name) ? DT[name as keyof typeof DT] : 0;
}

function shapeOf(value: unknown): TensorShapeProto | undefined {
  if (value === undefined) return undefined;
  const { dim, unknownRank } = object(value);
  return { dim: array(dim).map((one) => ({ size: Number(object(one).size ?? 0) })), unknownRank: unknownRank === true };
}
