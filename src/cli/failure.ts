import { EXIT_STATUS, LayerscopeError } from '../core/errors.ts';

/** A defect of ours: no status of the contract. */
const DEFECT = 1;

/** 2 wrong use, 3 a file that can't be read, 4 memory or engine, 130 cancelled; 1 a defect. */
export function exitStatus(error: unknown): number {
  if (error instanceof LayerscopeError) return EXIT_STATUS[error.kind];
  return isMemory(error) ? EXIT_STATUS.engine : DEFECT;
}

/** What is told on stderr: one line. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.replaceAll(/\s*\n\s*/g, ' ').trim();
  if (error instanceof LayerscopeError) return line;
  if (isMemory(error)) return `Not enough memory: ${line}.`;
  return `A defect of Layerscope: ${line}. With --verbose it says where.`;
}

const isMemory = (error: unknown) =>
  error instanceof RangeError && /allocation failed|Invalid (typed )?array( buffer)? length/i.test(error.message);
