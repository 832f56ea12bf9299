/** A method with options in one text, as `attributionMethod` reads it: `occlusion,window=16`. */
export const withOptions = (id: string, options: Readonly<Record<string, unknown>> = {}): string =>
  [id, ...Object.entries(options).map(([name, value]) => `${name}=${String(value)}`)].join(',');

/** The method's name alone. */
export const methodIn = (text: string): string => text.split(',')[0]!;
