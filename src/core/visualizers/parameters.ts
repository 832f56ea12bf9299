/** Parameters as data: the form in the panel, `--set`, the documentation and the checks all come from these. */

interface Described {
  readonly help: string;
  /** What the form calls it, where its name alone does not say what it is. */
  readonly label?: string;
  readonly unit?: string;
}

export interface NumberParameter extends Described {
  readonly type: 'number' | 'integer';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** What 0 stands for, in a word: `automatic`. */
  readonly zero?: string;
}

export interface ChoiceParameter<V extends string = string> extends Described {
  readonly type: 'choice';
  readonly default: V;
  readonly values: readonly V[];
  /** Whether options may follow the name: `NAME,option=value`. */
  readonly options?: true;
}

/** The name of a method, with or without options of its own: `occlusion,window=16`. */
export interface MethodParameter extends ChoiceParameter {
  readonly options: true;
}

export interface BooleanParameter extends Described {
  readonly type: 'boolean';
  readonly default: boolean;
}

/** One of several names, or a number. */
export interface LevelParameter<V extends string = string> extends Described {
  readonly type: 'level';
  readonly default: V;
  readonly values: readonly V[];
  readonly min: number;
  readonly max: number;
}

/** Some of several names; as a value `a,b`, in the order in which they are declared. */
export interface ListParameter extends Described {
  readonly type: 'list';
  readonly default: string;
  readonly values: readonly string[];
}

/** Several numbers; as a value `1,-0.5`, and empty where none are given. */
export interface NumbersParameter extends Described {
  readonly type: 'numbers';
  readonly default: '';
}

/** Layers by their names; as a value `a,b`, and empty where none are named. */
export interface LayersParameter extends Described {
  readonly type: 'layers';
  readonly default: '';
}

export type Parameter =
  | NumberParameter
  | ChoiceParameter
  | BooleanParameter
  | LevelParameter
  | ListParameter
  | NumbersParameter
  | LayersParameter;
export type Parameters = Readonly<Record<string, Parameter>>;

export type ValueOf<P extends Parameter> =
  P extends ChoiceParameter<infer V>
    ? V
    : P extends LevelParameter<infer V>
      ? V | number
      : P extends ListParameter | NumbersParameter | LayersParameter
        ? string
        : P extends BooleanParameter
          ? boolean
          : number;
export type ValuesOf<P extends Parameters> = { readonly [K in keyof P]: ValueOf<P[K]> };

const described = (help: string, label: string | undefined): Described => ({
  help,
  ...(label !== undefined && { label }),
});

type NumberOptions = Omit<NumberParameter, 'type'>;

export const integer = (options: NumberOptions): NumberParameter => ({ type: 'integer', ...options });
export const real = (options: NumberOptions): NumberParameter => ({ type: 'number', ...options });
export const flag = (value: boolean, help: string, label?: string): BooleanParameter => ({
  type: 'boolean',
  default: value,
  ...described(help, label),
});

/** One of several names; the first is the default. */
export const oneOf = <const V extends string>(
  values: readonly [V, ...V[]],
  help: string,
  label?: string,
): ChoiceParameter<V> => ({
  type: 'choice',
  default: values[0],
  values,
  ...described(help, label),
});

/** One of several names, the first by default, or any number in the network's own input units. */
export const level = <const V extends string>(
  values: readonly [V, ...V[]],
  help: string,
  label?: string,
): LevelParameter<V> => ({
  type: 'level',
  default: values[0],
  values,
  min: -1e6,
  max: 1e6,
  ...described(help, label),
});

/** Some of several names; all by default. */
export const someOf = (values: readonly string[], help: string, label?: string): ListParameter => ({
  type: 'list',
  default: values.join(','),
  values,
  ...described(help, label),
});

/** Several numbers; none by default. */
export const numbers = (help: string, label?: string): NumbersParameter => ({
  type: 'numbers',
  default: '',
  ...described(help, label),
});

/** Layers by their names; none by default. */
export const layerNames = (help: string, label?: string): LayersParameter => ({
  type: 'layers',
  default: '',
  ...described(help, label),
});

/** The names in the value of such a parameter. */
export const namesIn = (value: string): string[] => value.split(',').filter((name) => name !== '');
