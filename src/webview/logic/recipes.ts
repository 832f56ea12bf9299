import { parseUnits } from '../../core/units.ts';
import { usageError } from '../../core/errors.ts';
import type { LayerSummary, MethodSummary } from '../../protocol/worker.ts';
import { plural } from './format.ts';
import { messageOf } from './message.ts';

/** Channels that are shown where none are named; pictures, where a channel has several. */
export const BATCH = 9;

type Values = Readonly<Record<string, unknown>>;

/** Whether a recipe is about units of the layer that somebody has to choose. */
export const takesUnits = ({ needs, params }: MethodSummary): boolean =>
  needs.includes('unit?') && !needs.includes('image') && !('classes' in params);

/** What a recipe is about, as its parameters are now. */
export interface About {
  /** Units of the layer, that somebody has to choose. */
  readonly units: boolean;
  /** All of them in one picture. */
  readonly together: boolean;
  /** The current image, and another one. */
  readonly image: boolean;
  readonly second: boolean;
}

export function aboutOf(method: MethodSummary, values: Values): About {
  const { needs } = method;
  const direction = values['objective'] === 'direction';
  return {
    units: takesUnits(method) && (values['objective'] ?? 'unit') === 'unit',
    together: values['combine'] === 'sum',
    image: needs.includes('image') || (needs.includes('image?') && (direction || values['start'] === 'image')),
    second: needs.includes('style') || (needs.includes('style?') && direction),
  };
}

/** How many pictures a unit gets. */
export function picturesPerUnit({ perUnit }: Pick<MethodSummary, 'perUnit'>, values: Values): number {
  const found = perUnit.find(({ when = {} }) => Object.entries(when).every(([name, value]) => values[name] === value));
  if (!found) return 1;
  return typeof found.count === 'number' ? found.count : Number(values[found.count]);
}

/** How many units a press is about where none are named: a screen of pictures, of however many units that is. */
export const unitsPerPress = (perUnit: number): number => Math.max(1, Math.floor(BATCH / perUnit));

/** The units that are named; undefined where none are. Throws a usage error as the command line does. */
export function namedUnits(text: string, { name, shape }: LayerSummary): number[] | undefined {
  if (text.trim() === '') return undefined;
  if (!shape) throw usageError(`Layer '${name}' has no units that are known.`);
  try {
    return parseUnits(text, [1, ...shape], name).map(({ channel }) => channel);
  } catch (error) {
    throw usageError(messageOf(error).replace('--unit ', '')); // the option's name says nothing here
  }
}

/** Three numbers are one position of a channel, which is not what everybody means by them: says so. */
export function positionText(text: string, { shape }: Pick<LayerSummary, 'shape'>): string {
  const [, channel, y, x] = /^\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*$/.exec(text) ?? [];
  if (channel === undefined || shape?.length !== 3) return '';
  return ` at y ${y}, x ${x} (channels ${channel}, ${y} and ${x} are ${channel}-${channel},${y},${x})`;
}

/** What a press of the button makes: `9 pictures of 9 channels`. */
export function pressText(pictures: number, units: number, noun: 'channel' | 'unit' | 'class'): string {
  const many = noun === 'class' ? 'classes' : `${noun}s`;
  return `${plural(pictures, 'picture')} of ${plural(units, noun, many)}`;
}
