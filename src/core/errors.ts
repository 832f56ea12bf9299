/** What kind of failure it is, and with it the exit status of the command line. */
export const EXIT_STATUS = { usage: 2, file: 3, engine: 4, cancelled: 130 } as const;

export type FailureKind = keyof typeof EXIT_STATUS;

/**
 * A failure that a user is told: one line that says what is wrong, where, and what to do next. Any other error that
 * reaches a user is a defect of ours.
 */
export class LayerscopeError extends Error {
  override readonly name = 'LayerscopeError';

  constructor(
    readonly kind: FailureKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(oneLine(message), options);
  }
}

/** Characters of a message: more than any list of parameters, less than a name out of a damaged file may have. */
const LONGEST = 3000;

/** Names out of a damaged file may hold anything; a message stays one readable line. */
const oneLine = (message: string) =>
  (message.length > LONGEST ? `${message.slice(0, LONGEST / 2)} … ${message.slice(-LONGEST / 2)}` : message)
    .trim()
    .replaceAll(/\s*[\n\r\t]\s*/g, ' ')
    .replaceAll(/\p{Cc}+/gu, '\u{fffd}');

/** Wrong use: an unknown layer, a parameter out of range, a shape that does not fit. */
export const usageError = (message: string) => new LayerscopeError('usage', message);

/** A file that can't be read: `what` says the place in it and what was expected there. */
export const fileError = (file: string, what: string, cause?: unknown) =>
  new LayerscopeError('file', `${file}: ${what}`, { cause });

export const engineError = (message: string, cause?: unknown) => new LayerscopeError('engine', message, { cause });

export const cancelledError = () => new LayerscopeError('cancelled', 'Cancelled.');

/** Throws when the user has cancelled; long loops call it once a step. */
export function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelledError();
}

/** What a library's error says, without its stack and hints. */
export const firstLine = (error: unknown): string => String((error as Error)?.message ?? error).split('\n')[0]!;
