import { describe, expect, it } from 'vitest';
import { assignments, readArguments } from '../../../src/cli/arguments.ts';
import { exitStatus, oneLine } from '../../../src/cli/failure.ts';
import { textTable } from '../../../src/cli/text-table.ts';
import { short } from '../../../src/core/short-number.ts';
import { cancelledError, engineError, fileError, usageError } from '../../../src/core/errors.ts';

const OPTIONS = { layer: { type: 'string' }, raw: { type: 'boolean' }, help: { type: 'boolean' } } as const;

describe('arguments', () => {
  it('are read as options and the rest', () => {
    const { values, positionals } = readArguments(['saliency', '--layer', 'conv1', '--raw'], OPTIONS, ['METHOD']);
    expect({ ...values }).toEqual({ layer: 'conv1', raw: true });
    expect(positionals).toEqual(['saliency']);
  });

  it.each([
    [['x', '--layr', 'y'], "There is no option '--layr'. The nearest: '--layer'; see --help."],
    [[], 'METHOD is missing; see --help.'],
    [['x', 'y'], "'y' is one argument too many; see --help."],
    [['x', '--layer'], "'--layer"],
    [
      ['x', '--layer', '-1'],
      '--layer needs a value; one that begins with a dash is written as --layer=-1. See --help.',
    ],
  ])('%j are refused', (args, message) => {
    expect(() => readArguments(args, OPTIONS, ['METHOD'])).toThrow(message);
  });

  it('may be left out where help is asked for', () => {
    expect(readArguments(['--help'], OPTIONS, ['METHOD']).values.help).toBe(true);
  });

  it('name=value ends its name at the first sign', () => {
    expect(assignments('--set', ['a=1', 'b=x=y', 'c='])).toEqual({ a: '1', b: 'x=y', c: '' });
    expect(() => assignments('--set', ['=1'])).toThrow("--set '=1' is not name=value.");
  });
});

describe('failures', () => {
  it.each([
    [usageError('x'), 2],
    [fileError('a.onnx', 'x'), 3],
    [engineError('x'), 4],
    [cancelledError(), 130],
    [new RangeError('Array buffer allocation failed'), 4],
    [new TypeError('x is not a function'), 1],
  ])('%s', (error, status) => {
    expect(exitStatus(error)).toBe(status);
    expect(oneLine(error)).not.toContain('\n');
  });

  it('are one line whatever the message', () => {
    expect(oneLine(usageError('one\n  two\n'))).toBe('one two');
  });
});

describe('text', () => {
  it('aligns names to the left and numbers to the right', () => {
    expect(
      textTable(
        ['name', 'n'],
        [
          ['a', 5],
          ['long', 12345],
        ],
      ),
    ).toBe('name      n\na         5\nlong  12345\n');
  });

  it('shortens counts', () => {
    expect([12, 1234, 1_234_567, 1.7e9].map(short)).toEqual(['12', '1.23 k', '1.23 M', '1.70 G']);
  });
});
