import { expect, it } from 'vitest';
import { imageToInput } from '../../../src/core/images/preprocess.ts';
import { meanColour } from '../../../src/core/stimuli/recipe.ts';

it.each([
  { channels: 'RGB', scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], count: 3 },
  { channels: 'BGR', scale: 1, mean: [104, 117, 123], std: [1, 1, 1], count: 3 },
  { channels: 'BGR', scale: 1, mean: [104, 117, 123], std: [1, 1, 1], count: 4 },
  { channels: 'RGB', scale: 1 / 127.5, mean: [1, 1, 1], std: [1, 1, 1], count: 2 },
  { channels: 'grey', scale: 1 / 255, mean: [0.13], std: [0.3], count: 1 },
] as const)('the mean colour is what the network is given as zero: %o', ({ count, ...rest }) => {
  const preprocessing = { ...rest, resize: 'crop' } as const;
  const input = new Float32Array(count);
  imageToInput(Float32Array.from(meanColour(preprocessing, count)), input, { channels: count, area: 1, preprocessing });
  for (const value of input) expect(value).toBeCloseTo(0, 4);
});

it('a preparation that takes no mean off tells no colour: grey', () => {
  expect(meanColour({ channels: 'RGB', scale: 1, mean: [0, 0, 0], std: [1, 1, 1], resize: 'crop' }, 3)).toEqual([
    0.5, 0.5, 0.5,
  ]);
});
