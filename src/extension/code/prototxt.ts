import type { CodeLayer, Span } from './code-layer.ts';

/** What a network says in Caffe's text format, where a line begins; a solver and a mean file don't. */
export const NETWORK = /^\s*(layers?\s*:?\s*\{|input\s*:\s*["'])/m;

/** A comment; a string; a field with a string or a word; a message's beginning and end. */
const TOKENS = /#.*|\b(\w+)\s*:\s*(?:"([^"\n]*)"|'([^'\n]*)'|(\w+))|\b(\w+)\s*:?\s*\{|"[^"\n]*"|'[^'\n]*'|\{|\}/g;

/**
 * The layers of a network in Caffe's text format: `layer { name: "conv1" type: "Convolution" … }`, or `layers { … type: CONVOLUTION }`
 * of its first years. `isModel`: whether it is a network at all. Broken text is read as far as it goes.
 */
export function prototxtNetwork(text: string): { readonly layers: readonly CodeLayer[]; readonly isModel: boolean } {
  const layers = new Map<string, CodeLayer>();
  let depth = 0;
  let from: number | undefined;
  let name: Span | undefined;
  let kind = '';
  for (const match of text.matchAll(TOKENS)) {
    const [token, field, double, single, word, message] = match;
    const end = match.index + token.length;
    if (token.endsWith('{')) {
      if (depth++ > 0) continue;
      from = message === 'layer' || message === 'layers' ? match.index : undefined;
      name = undefined;
      kind = '';
    } else if (token === '}') {
      depth = Math.max(0, depth - 1);
      if (depth > 0 || from === undefined || name === undefined) continue;
      const called = text.slice(name.from + 1, name.to - 1);
      const pointers = [name];
      // The same layer stands there once for training and once for tests.
      if (!layers.has(called)) layers.set(called, { kind, names: [called], definition: { from, to: end }, pointers });
      from = undefined;
    } else if (depth === 1 && field === 'name' && word === undefined) {
      name = { from: end - (double ?? single ?? '').length - 2, to: end };
    } else if (depth === 1 && field === 'type') kind = double ?? single ?? word ?? '';
  }
  return { layers: [...layers.values()], isModel: NETWORK.test(text) };
}
