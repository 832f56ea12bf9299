import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandLine, quote } from '../../../src/core/command-line.ts';

/** The words that a POSIX shell makes of a text. */
const shellWords = (text: string): string[] =>
  execFileSync('sh', ['-c', `for word in ${text}; do printf '%s\\0' "$word"; done`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

describe('quote', () => {
  it('gives a word that a shell reads as the text it was', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((word) => !word.includes('\0') && word.isWellFormed());
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (words) => {
        expect(shellWords(words.map(quote).join(' '))).toEqual(words);
      }),
      { numRuns: 40 },
    );
  });

  it('leaves what needs no quotes', () => {
    expect(quote('/models/fire2.onnx')).toBe('/models/fire2.onnx');
    expect(quote("it's")).toBe(`'it'\\''s'`);
    expect(quote('~/x')).toBe(`'~/x'`);
  });
});

describe('commandLine', () => {
  it('says everything that was asked for', () => {
    const line = commandLine(
      {
        method: 'activation-maximisation',
        model: '/my models/net.onnx',
        layer: 'fire2/concat',
        unit: '3,7,9-',
        target: 'tabby cat',
        image: { path: '/photos/cat.jpg' },
        params: { steps: 256, jitter: true },
        seed: 7,
      },
      { engine: 'onnxruntime' },
    );
    expect(line).toBe(
      "npx layerscope run activation-maximisation --model '/my models/net.onnx' --layer fire2/concat --unit 3,7,9- " +
        "--target 'tabby cat' --image /photos/cat.jpg --set steps=256 --set jitter=true --engine onnxruntime --seed 7 " +
        '--out layerscope-out',
    );
  });

  it('says no more than that', () => {
    expect(commandLine({ method: 'saliency', model: 'a.h5' }, { engine: 'auto' })).toBe(
      'npx layerscope run saliency --model a.h5 --out layerscope-out',
    );
  });

  it('names an image that is no file', () => {
    const image = { name: 'pasted.png', width: 1, height: 1, rgba: new Uint8Array(4) };
    expect(commandLine({ method: 'saliency', model: 'a.h5', target: 0, image })).toContain(
      '--target 0 --image pasted.png',
    );
  });

  it('names both images of what takes two', () => {
    const request = { method: 'style', model: 'a.h5', image: { path: 'a.png' }, style: { path: 'b c.png' } };
    expect(commandLine(request)).toContain("--image a.png --image 'b c.png'");
  });
});
