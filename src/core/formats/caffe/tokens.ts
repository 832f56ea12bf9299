import { damaged } from '../failure.ts';

export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'sign' | 'end';
  /** Of a string, what it says. */
  readonly text: string;
  readonly number?: number;
  /** From 1 on. */
  readonly line: number;
}

const PATTERN =
  /(?<blank>[ \t\r\n\v\f\u{feff}]+|#[^\n]*)|(?<word>[A-Za-z_][\w.]*)|(?<number>[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[fF]?))(?![\w.])|(?<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?<sign>[-{}<>:;,[\]])/uy;

/** The words of a text in protocol buffers' text form, an `end` behind them. Throws with the line of what is none. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let line = 1;
  PATTERN.lastIndex = 0;
  for (let at = 0; at < text.length; at = PATTERN.lastIndex) {
    PATTERN.lastIndex = at;
    const groups = PATTERN.exec(text)?.groups;
    if (!groups) throw damaged(`line ${line}: '${text.slice(at, at + 20).split('\n')[0]}' is no text of a .prototxt`);
    const { blank, word, number, string, sign } = groups;
    if (blank !== undefined) line += blank.split('\n').length - 1;
    else if (word !== undefined) found.push({ kind: 'word', text: word, line });
    else if (number !== undefined) found.push({ kind: 'number', text: number, number: numberOf(number), line });
    else if (string !== undefined) found.push({ kind: 'string', text: unescape(string.slice(1, -1)), line });
    else found.push({ kind: 'sign', text: sign!, line });
  }
  found.push({ kind: 'end', text: '', line });
  return found;
}

function numberOf(text: string): number {
  if (!/0x/i.test(text)) return Number.parseFloat(text);
  return text.startsWith('-') ? -Number(text.slice(1)) : Number(text.replace('+', ''));
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

const unescape = (text: string): string =>
  text.replaceAll(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))/gu, (_, octal?: string, hex?: string, other?: string) =>
    octal !== undefined || hex !== undefined
      ? String.fromCharCode(octal === undefined ? Number.parseInt(hex!, 16) : Number.parseInt(octal, 8))
      : (ESCAPES[other!] ?? other!),
  );
