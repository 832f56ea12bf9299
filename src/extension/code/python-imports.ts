/** Functions of `keras.layers` that make a layer of a class. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  Input: 'InputLayer',
  add: 'Add',
  subtract: 'Subtract',
  multiply: 'Multiply',
  average: 'Average',
  maximum: 'Maximum',
  minimum: 'Minimum',
  concatenate: 'Concatenate',
  dot: 'Dot',
};

/** Layers that are recognised where no import says what a name is (half-written code, `import *`). */
const WELL_KNOWN =
  /^(Input|InputLayer|Dense|Embedding|Masking|Conv[123]D(Transpose)?|(Depthwise|Separable)Conv[12]D|(Max|Average)Pooling[123]D|Global(Max|Average)Pooling[123]D|ZeroPadding[123]D|Cropping[123]D|UpSampling[123]D|Flatten|Reshape|Permute|RepeatVector|Dropout|SpatialDropout[123]D|GaussianNoise|BatchNormalization|LayerNormalization|GroupNormalization|UnitNormalization|Activation|ReLU|LeakyReLU|PReLU|ELU|Softmax|Add|Subtract|Multiply|Average|Maximum|Minimum|Concatenate|Dot|LSTM|GRU|SimpleRNN|Bidirectional|TimeDistributed|MultiHeadAttention|Rescaling|Normalization|Resizing|CenterCrop)$/;

/** What the names of a Python file stand for. */
export class PythonImports {
  readonly #names = new Map<string, string>();

  /** Reads one import statement. */
  add(statement: string): void {
    const from = /^from\s+([\w.]+)\s+import\s+([\s\S]+)$/.exec(statement);
    for (const item of (from?.[2] ?? statement.replace(/^import\s+/, '')).replaceAll(/[()\\]/g, ' ').split(',')) {
      const [, name, alias] = /^\s*([\w.]+)(?:\s+as\s+(\w+))?/.exec(item) ?? [];
      if (name === undefined) continue;
      if (from) this.#names.set(alias ?? name, `${from[1]}.${name}`);
      else if (alias !== undefined) this.#names.set(alias, name);
    }
  }

  /** The Keras class of the layer that a call of this (dotted) name makes; undefined where it makes none. */
  layerClass(callee: string): string | undefined {
    const [first, ...rest] = callee.split('.') as [string, ...string[]];
    const known = this.#names.get(first);
    const full = [known ?? first, ...rest].join('.');
    const last = full.slice(full.lastIndexOf('.') + 1);
    const inLayers = /(^|\.)layers(\.|$)/.test(full.slice(0, -last.length));
    const ofKeras = /(^|\.)(keras|tensorflow|tf)\./.test(full);
    if (inLayers && (ofKeras || known === undefined)) {
      if (Object.hasOwn(FUNCTIONS, last)) return FUNCTIONS[last];
      return /^[A-Z]/.test(last) ? last : undefined;
    }
    const bare = known === undefined && rest.length === 0;
    if ((bare && WELL_KNOWN.test(last)) || (ofKeras && last === 'Input')) return FUNCTIONS[last] ?? last;
    return undefined;
  }

  /** The PyTorch class of the module that a call of this (dotted) name makes; undefined where it makes none. */
  moduleClass(callee: string): string | undefined {
    const [first, ...rest] = callee.split('.') as [string, ...string[]];
    const full = [this.#names.get(first) ?? (first === 'nn' ? 'torch.nn' : first), ...rest].join('.');
    return /^torch\.nn(?:\.modules\.\w+)?\.([A-Z]\w*)$/.exec(full)?.[1];
  }
}
