const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean' } as const;

/** What commands may be given. */
const KNOWN = {
  model: TEXT,
  with: TEXT,
  layer: TEXT,
  unit: TEXT,
  target: TEXT,
  against: TEXT,
  image: TEXT,
  data: TEXT,
  input: TEXT,
  output: TEXT,
  engine: TEXT,
  seed: TEXT,
  methods: TEXT,
  trust: TEXT,
  gradient: TEXT,
  out: TEXT,
  json: FLAG,
  raw: FLAG,
} as const;

/** What every command takes. */
const ALWAYS = { quiet: FLAG, verbose: FLAG, help: { ...FLAG, short: 'h' } } as const;

/** The options of a command, as `readArguments` takes them. */
export const optionsOf = <K extends keyof typeof KNOWN>(
  ...names: readonly K[]
): Pick<typeof KNOWN, K> & typeof ALWAYS => ({
  ...(Object.fromEntries(names.map((name) => [name, KNOWN[name]])) as Pick<typeof KNOWN, K>),
  ...ALWAYS,
});
