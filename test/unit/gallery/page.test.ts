import { describe, expect, it } from 'vitest';
import { galleryPage, type GalleryTile } from '../../../src/core/gallery/page.ts';
import { unitNames } from '../../../src/core/gallery/unit-names.ts';
import type { ModelSummary } from '../../../src/core/summaries.ts';

const png = new Uint8Array([137, 80, 78, 71]);
const tile = (unit: number, label?: string): GalleryTile => ({ unit, label, png });
const page = (tiles: GalleryTile[], more = {}) =>
  galleryPage({ model: 'net.onnx', layer: 'conv1', facts: ['Conv'], total: tiles.length, tiles, made: '', ...more });

describe('the page of a gallery', () => {
  it('asks for nothing else and runs nothing', () => {
    const text = page([tile(0), tile(1)]);
    expect(text).toContain(`http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:;`);
    expect(text).not.toMatch(/<script|<link|https?:|url\(|@import/);
    for (const [, address] of text.matchAll(/(?:src|href)="([^"]*)"/g))
      expect(address).toMatch(/^(data:image\/png;base64,|#)/);
  });

  it('shows names of layers and labels as they are', () => {
    const nasty = `</style><script>alert("1")</script>&'`;
    const text = page([tile(0, nasty)], { model: nasty, layer: nasty, facts: [nasty], made: nasty });
    expect(text).not.toContain('<script>alert');
    expect(text.match(/<\/style>/g)).toHaveLength(1);
    expect(text.match(/&#60;script&#62;alert\(&#34;1&#34;\)&#60;\/script&#62;&#38;&#39;/g)!.length).toBeGreaterThan(5);
  });

  it('names each picture, says how large all are, and what is missing', () => {
    const text = page([tile(3), tile(7, 'goldfish')], { total: 5 });
    expect(text).toContain('alt="What Channel 3 prefers"');
    expect(text).toContain('alt="What goldfish prefers"');
    expect(text).toContain('2 of 5 units');
    expect(text).toContain('Pictures: 1 kB.');
    expect(text).toMatch(/id="medium" checked/);
  });
});

describe('names of units', () => {
  const layer = (name: string, parameters: number, shape: readonly number[]) => ({ name, parameters, shape });
  const model = {
    classes: 3,
    description: { labels: ['a', 'b', 'c'] },
    layers: [layer('conv', 9, [3, 4, 4]), layer('dense', 9, [3]), layer('softmax', 0, [3])],
  } as unknown as ModelSummary;

  it('are classes in the layer that decides and behind it, numbers elsewhere', () => {
    expect(unitNames(model, 'softmax')).toEqual(['a', 'b', 'c']);
    expect(unitNames(model, 'dense')).toEqual(['a', 'b', 'c']);
    expect(unitNames(model, 'conv')).toBeUndefined();
    expect(unitNames(model, 'none')).toBeUndefined();
    expect(unitNames({ ...model, classes: undefined } as unknown as ModelSummary, 'softmax')).toBeUndefined();
  });
});
