import type { LevelParameter } from '../../core/visualizers/parameters.ts';
import { numberWithin } from './methods.ts';

/** What the user typed: one of the names that a level has, or a number; its default where it is neither. */
export function levelOf(text: string, level: LevelParameter): string | number {
  const name = text.trim().toLowerCase();
  return level.values.includes(name) ? name : (numberWithin(text, level) ?? level.default);
}
