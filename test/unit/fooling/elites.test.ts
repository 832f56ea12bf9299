import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Elites } from '../../../src/core/fooling/elites.ts';
import '../../support/properties.ts';

const answers = fc.array(
  fc.array(
    fc.integer({ min: 0, max: 4 }).map((n) => n / 4),
    { minLength: 3, maxLength: 3 },
  ),
  {
    minLength: 1,
    maxLength: 12,
  },
);

it('never loses an elite: each class keeps the best there was, the first of equal ones', () => {
  fc.assert(
    fc.property(answers, (pictures) => {
      const elites = new Elites<number>([2, 0]);
      let before = [-1, -1];
      pictures.forEach((probabilities, serial) => {
        elites.challenge(serial, serial, { probabilities, scores: [0, 0, 0] });
        const now = elites.all.map(({ confidence }) => confidence);
        now.forEach((confidence, n) => expect(confidence).toBeGreaterThanOrEqual(before[n]!));
        before = now;
      });
      [2, 0].forEach((index, n) => {
        const best = Math.max(...pictures.map((one) => one[index]!));
        const first = pictures.findIndex((one) => one[index] === best);
        expect(elites.all[n]).toEqual({ genome: first, confidence: best, lead: 0, serial: first });
      });
    }),
  );
});

it('is the same in whatever order pictures come', () => {
  fc.assert(
    fc.property(answers, (pictures) => {
      const [there, back] = [new Elites<number>([0, 1, 2]), new Elites<number>([0, 1, 2])];
      pictures.forEach((one, serial) => there.challenge(serial, serial, { probabilities: one, scores: one }));
      [...pictures.entries()]
        .reverse()
        .forEach(([serial, one]) => back.challenge(serial, serial, { probabilities: one, scores: one }));
      expect(back.all).toEqual(there.all);
    }),
  );
});

it('goes by the score’s lead where probabilities are rounded to 0 or 1', () => {
  const elites = new Elites<string>([0, 1]);
  elites.challenge('a', 0, { probabilities: [1, 0], scores: [900, 100] });
  elites.challenge('b', 1, { probabilities: [1, 0], scores: [950, 200] });
  elites.challenge('c', 2, { probabilities: [1, 0], scores: [500, -500] });
  expect(elites.all.map(({ genome, lead }) => [genome, lead])).toEqual([
    ['c', 1000],
    ['b', -750],
  ]);
});
