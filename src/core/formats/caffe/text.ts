import { damaged } from '../failure.ts';
import { Message, type Value } from './message.ts';
import { ENUMERATIONS, MESSAGES } from './schema.ts';
import { tokens, type Token } from './tokens.ts';

const DEEPEST = 32;

/**
 * Reads a `NetParameter` in protocol buffers' text form. Fields that are not known are read, whatever they hold, and left
 * alone; known ones must hold what they should. Throws with the line of what is wrong.
 */
export function readText(text: string): Message {
  const parser = new Parser(tokens(text));
  return parser.message('Net', undefined, 0);
}

class Parser {
  #at = 0;

  constructor(readonly tokens: readonly Token[]) {}

  /** The fields up to `end`, or to the end of the text. `type`: its schema; undefined for one that is not known. */
  message(type: string | undefined, end: string | undefined, depth: number): Message {
    const fields = type === undefined ? undefined : MESSAGES[type];
    const message = new Message();
    for (;;) {
      const token = this.#next();
      if (token.kind === 'end') {
        if (end === undefined) return message;
        throw wrong(token, `'${end}'`);
      }
      if (token.kind === 'sign' && token.text === end) return message;
      if (token.kind !== 'word')
        throw wrong(token, end === undefined ? "a field's name" : `a field's name or '${end}'`);
      if (depth > DEEPEST) throw damaged(`line ${token.line}: messages nested deeper than ${DEEPEST}`);
      const known = fields && Object.hasOwn(fields, token.text) ? fields[token.text]![1] : undefined;
      for (const value of this.#field(token.text, known, depth)) message.add(token.text, value);
      if (this.#isSign(',') || this.#isSign(';')) this.#at++;
    }
  }

  #field(name: string, type: string | undefined, depth: number): Value[] {
    const colon = this.#isSign(':');
    if (colon) this.#at++;
    const token = this.#next();
    if (colon && token.kind === 'sign' && token.text === '[') return this.#list(name, type, depth);
    return [this.#value(name, token, type, colon, depth)];
  }

  #list(name: string, type: string | undefined, depth: number): Value[] {
    const values: Value[] = [];
    for (;;) {
      const token = this.#next();
      if (token.kind === 'sign' && token.text === ']') return values;
      values.push(this.#value(name, token, type, true, depth));
      if (this.#isSign(',')) this.#at++;
      else if (!this.#isSign(']')) throw wrong(this.#next(), "',' or ']'");
    }
  }

  #value(name: string, token: Token, type: string | undefined, colon: boolean, depth: number): Value {
    const { kind, text } = token;
    const opens = kind === 'sign' && (text === '{' || text === '<');
    if (opens && (type === undefined || isMessage(type)))
      return this.message(type, text === '{' ? '}' : '>', depth + 1);
    if (!colon) throw wrong(token, `':' or '{' after '${name}'`);
    const value = type === undefined ? untyped(token) : typed(token, type);
    if (value === undefined) throw wrong(token, `${name}: ${expected(type)}`);
    if (typeof value === 'string' && kind === 'string') {
      let whole = value;
      while (this.tokens[this.#at]!.kind === 'string') whole += this.#next().text;
      return whole;
    }
    return value;
  }

  #next(): Token {
    const token = this.tokens[this.#at]!;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  #isSign(text: string): boolean {
    const token = this.tokens[this.#at]!;
    return token.kind === 'sign' && token.text === text;
  }
}

const isMessage = (type: string): boolean => Object.hasOwn(MESSAGES, type);

function typed({ kind, text, number }: Token, type: string): Value | undefined {
  if (type === 'string') return kind === 'string' ? text : undefined;
  if (type === 'float') return kind === 'number' || /^(inf|infinity|nan)$/i.test(text) ? (number ?? NaN) : undefined;
  if (type === 'int') return kind === 'number' && Number.isSafeInteger(number) ? number : undefined;
  if (type === 'bool') {
    if (/^(true|t|True|1)$/.test(text)) return true;
    return /^(false|f|False|0)$/.test(text) ? false : undefined;
  }
  if (!type.startsWith('#')) return undefined;
  if (kind === 'word') return text;
  return kind === 'number' ? ENUMERATIONS[type.slice(1)]![number!] : undefined;
}

const untyped = ({ kind, text, number }: Token): Value | undefined =>
  kind === 'number' ? number : kind === 'string' || kind === 'word' ? text : undefined;

function expected(type: string | undefined): string {
  if (type === undefined) return 'a value';
  if (type === 'int') return 'a whole number';
  if (type === 'float') return 'a number';
  if (type === 'bool') return 'true or false';
  if (type === 'string') return 'a text in quotes';
  return type.startsWith('#') ? 'a name' : "'{'";
}

/** A token that stands where something else was expected. */
function wrong({ line, kind, text }: Token, instead: string): Error {
  const found = kind === 'end' ? 'the file ends' : `'${text.slice(0, 40)}'`;
  return damaged(`line ${line}: ${found}, but ${instead} was expected`);
}
