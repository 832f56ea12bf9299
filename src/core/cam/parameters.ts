import { flag, oneOf } from '../visualizers/parameters.ts';

export const INTERPOLATION = oneOf(
  ['bilinear', 'nearest'],
  'How the small map is brought to the size of the image.',
  'Enlarged',
);

/** The paper's last step. */
export const relu = (value: boolean) =>
  flag(
    value,
    'Keep what speaks for the class alone; off: what speaks against it is shown too, in blue.',
    'Only what speaks for it',
  );
