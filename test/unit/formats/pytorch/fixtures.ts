import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `test/fixtures/pytorch/make.py` wrote with PyTorch. */
export const fixture = (name: string): string => join(import.meta.dirname, '../../../fixtures/pytorch', name);

export interface Stored {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** |noise|·times + plus, or without the absolute value. */
export interface Noise {
  readonly noise: readonly number[];
  readonly times: number;
  readonly absolute: boolean;
  readonly plus: number;
}

export type Argument = Noise | number | boolean | string | null | readonly Argument[];

interface Expected {
  /** Of two images. */
  readonly logits: Stored;
  readonly functions: readonly {
    readonly name: string;
    readonly args: readonly Argument[];
    readonly named: Readonly<Record<string, Argument>>;
    readonly results: readonly Stored[];
  }[];
}

export const expected = JSON.parse(readFileSync(fixture('expected.json'), 'utf8')) as Expected;
