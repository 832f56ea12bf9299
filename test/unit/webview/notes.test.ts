import { describe, expect, it } from 'vitest';
import { inputObstacle, notesOf } from '../../../src/webview/logic/notes.ts';

const input = (name: string, ...shape: number[]) => ({ name, shape, layout: 'NCHW' as const });
const model = { warnings: [], unknown: [], inputs: [input('image', 3, 8, 8)] };
const unknownWarning =
  "The operator Fancy of 2 nodes, the first 'n1', is not known: what depends on it can't be run; its structure and filters are shown.";

describe('notes on a model', () => {
  it('none where all is as it should be', () => expect(notesOf(model)).toEqual([]));

  it('what the reader and the engines say, each once', () =>
    expect(notesOf({ ...model, warnings: ['a', 'b', 'a'] })).toEqual(['a', 'b']));

  it('a line for each kind of unknown operator, before the others', () => {
    const unknown = ['n1', 'n2'].map((node) => ({ op: 'Fancy', node }));
    expect(notesOf({ ...model, unknown, warnings: ['other', unknownWarning] })).toEqual([
      'The operator Fancy (2 nodes, the first ‘n1’) is not known: what depends on it can’t be run; its structure and filters are shown.',
      'other',
    ]);
  });

  it('not what the banner says', () =>
    expect(notesOf({ ...model, inputs: [], missing: 'no weights', warnings: ['No weights', 'other'] })).toEqual([
      'other',
    ]));

  it('inputs that an image can’t feed', () => {
    expect(inputObstacle(model)).toBeUndefined();
    expect(inputObstacle({ inputs: [input('grey', 1, 8, 8)] })).toBeUndefined();
    expect(inputObstacle({ inputs: [input('a', 3, 8, 8), input('b', 4)] })).toMatch(
      /^The network has 2 inputs \(‘a’, ‘b’\)/,
    );
    expect(inputObstacle({ inputs: [input('x', 784)] })).toMatch(
      /^The network’s input ‘x’ is 784, which is no picture/,
    );
    expect(notesOf({ ...model, inputs: [input('x', 784)] })).toHaveLength(1);
  });
});
