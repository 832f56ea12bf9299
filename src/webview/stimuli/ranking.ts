import type { Tile } from '../../core/results.ts';
import { formatValue } from '../logic/format.ts';
import { takesUnits } from '../logic/recipes.ts';
import type { Chosen, Made } from '../state/stimuli.svelte.ts';

/** Pictures that are shown together, under a heading. */
export interface Group {
  readonly title: string;
  readonly pictures: readonly Chosen[];
}

export const tileOf = ({ made, index }: Chosen): Tile | undefined => made.result?.tiles[index];

/** How strongly its unit answers to the picture as it is; known when it is finished. */
export function activationOf({ made, index }: Chosen): number | undefined {
  const { activation } = made.result?.metrics ?? {};
  return Array.isArray(activation) ? (activation as readonly number[])[index] : undefined;
}

/** The activation in words; empty where the picture's label says how good it is, or where it is a loss. */
export function strengthText(picture: Chosen): string {
  const activation = activationOf(picture);
  const { method, result } = picture.made;
  const said = 'classes' in method.params || ['loss', 'distance'].includes(result?.history?.name ?? '');
  return activation === undefined || said ? '' : formatValue(activation);
}

/** What a picture is of, in words: its unit or its class, or what its recipe does. */
export function subjectOf(picture: Chosen): string {
  const { method } = picture.made;
  const label = tileOf(picture)?.label.split(' · ')[0] ?? '';
  if (!takesUnits(method)) return 'classes' in method.params && label ? label : method.title;
  return /^\d/.test(label) ? `Channel ${label}` : label;
}

/** The pictures of a press as it made them. */
export const picturesOf = (made: Made): Chosen[] => (made.result?.tiles ?? []).map((_, index) => ({ made, index }));

/** The pictures of a press: several of one unit with the strongest first, the units in their order; frames and stages as they follow. */
export function ranked(made: Made): Chosen[] {
  if (!takesUnits(made.method) && !('classes' in made.method.params)) return picturesOf(made);
  const groups = bySubject([made]);
  return groups.flatMap(({ pictures }) => pictures);
}

/** All pictures by what they are of, in each group the strongest first; what has no activation yet comes last. */
export function bySubject(all: readonly Made[]): Group[] {
  const groups = new Map<string, Chosen[]>();
  for (const picture of all.flatMap(picturesOf)) {
    const title = subjectOf(picture);
    groups.set(title, [...(groups.get(title) ?? []), picture]);
  }
  return [...groups].map(([title, pictures]) => ({
    title,
    pictures: pictures.toSorted((a, b) => (activationOf(b) ?? -Infinity) - (activationOf(a) ?? -Infinity) || 0),
  }));
}
