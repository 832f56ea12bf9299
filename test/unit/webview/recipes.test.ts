import { describe, expect, it } from 'vitest';
import { Gate } from '../../../src/core/gate.ts';
import { historyOf } from '../../../src/core/stimuli/history.ts';
import { describeMethod, VISUALIZERS } from '../../../src/core/visualizers/index.ts';
import { defaultsOf } from '../../../src/webview/logic/methods.ts';
import { formatLeft, Pace } from '../../../src/webview/logic/pace.ts';
import {
  changedFrom,
  nearestPreset,
  DEFAULT,
  firstValues,
  presetAt,
  presetOf,
  presetValues,
} from '../../../src/webview/logic/presets.ts';
import {
  aboutOf,
  namedUnits,
  picturesPerUnit,
  positionText,
  pressText,
  unitsPerPress,
} from '../../../src/webview/logic/recipes.ts';
import { Reel } from '../../../src/webview/logic/reel.ts';
import { bySubject, ranked } from '../../../src/webview/stimuli/ranking.ts';
import type { Made } from '../../../src/webview/state/stimuli.svelte.ts';

const methods = VISUALIZERS.map(describeMethod);
const method = (id: string) => methods.find((one) => one.id === id)!;
const layer = { name: 'conv', shape: [20, 4, 4] } as unknown as Parameters<typeof namedUnits>[1];

describe('what a press makes', () => {
  it.each([
    ['activation-maximisation', {}, 1],
    ['norm-ball', {}, 9],
    ['norm-ball', { starts: 4 }, 4],
    ['yosinski', {}, 1],
    ['yosinski', { settings: 'all' }, 4],
    ['yosinski', { settings: 'search', tries: 6 }, 6],
  ])('%s with %j: %i a unit', (id, changed, count) => {
    expect(picturesPerUnit(method(id), { ...defaultsOf(method(id)), ...changed })).toBe(count);
  });

  it('is a screen of pictures, not nine times as many', () => {
    expect([1, 2, 4, 9, 16].map(unitsPerPress)).toEqual([9, 4, 2, 1, 1]);
    expect(pressText(9, 1, 'channel')).toBe('9 pictures of 1 channel');
    expect(pressText(1, 1, 'class')).toBe('1 picture of 1 class');
    expect(pressText(8, 2, 'class')).toBe('8 pictures of 2 classes');
  });

  it.each([
    ['activation-maximisation', {}, { units: true, together: false, image: false, second: false }],
    ['activation-maximisation', { start: 'image', combine: 'sum' }, { units: true, together: true, image: true }],
    ['total-variation', { objective: 'direction' }, { units: false, image: true, second: true }],
    ['class-model', { objective: 'layer' }, { units: false, image: false, second: false }],
    ['style', {}, { units: false, image: true, second: true }],
    ['deepdream', {}, { units: false, image: true, second: false }],
    ['fooling', {}, { units: false, image: false }],
  ])('%s with %j is about %j', (id, changed, about) =>
    expect(aboutOf(method(id), { ...defaultsOf(method(id)), ...changed })).toMatchObject(about),
  );

  it('names units as the command line does', () => {
    expect(namedUnits(' ', layer)).toBeUndefined();
    expect(namedUnits('3, 5-7', layer)).toEqual([3, 5, 6, 7]);
    expect(namedUnits('3,1,2', layer)).toEqual([3]);
    expect(() => namedUnits('20', layer)).toThrow("Layer 'conv' has 20 channels, 0 to 19: there is no 20.");
    expect(() => namedUnits('x', layer)).toThrow(/^'x' is not C, /);
  });

  it('says where three numbers are a channel and a position', () => {
    expect(positionText('3, 1,2', layer)).toBe(' at y 1, x 2 (channels 3, 1 and 2 are 3-3,1,2)');
    for (const text of ['', '3', '3,1', '3-3,1,2', '3,1,2,4']) expect(positionText(text, layer)).toBe('');
    expect(positionText('3,1,2', { ...layer, shape: [20] })).toBe('');
  });
});

describe('what pictures are of', () => {
  const made = (id: string, labels: readonly string[], activation?: readonly number[]) =>
    ({
      method: method(id),
      result: { tiles: labels.map((label) => ({ label })), metrics: { activation } },
    }) as unknown as Made;

  it.each([
    ['activation-maximisation', ['3', '5'], ['Channel 3', 'Channel 5']],
    ['class-model', ['zebra', 'coil'], ['zebra', 'coil']],
    ['fooling', ['coil · 99.99 %', 'zebra · 98 %'], ['coil', 'zebra']],
    ['inversion', ['conv1 · 4 % off', 'conv2 · 9 % off'], ['Inversion']],
    ['style', ['0.6 × style'], ['Style']],
  ])('of %s, labelled %j: %j', (id, labels, titles) => {
    expect(bySubject([made(id, labels)]).map(({ title }) => title)).toEqual(titles);
  });

  it('of a run are ranked by unit; frames and stages follow as they were made', () => {
    const order = (one: Made) => ranked(one).map(({ index }) => index);
    expect(order(made('norm-ball', ['3', '3', '3'], [1, 3, 2]))).toEqual([1, 2, 0]);
    expect(order(made('deepdream', ['frame 1', 'frame 2'], [1, 2]))).toEqual([0, 1]);
    expect(order(made('inversion', ['a · 9 % off', 'b · 4 % off'], [-0.09, -0.04]))).toEqual([0, 1]);
  });

  it('have the strongest first, whichever recipe made it', () => {
    const all = [made('fooling', ['coil · 90 %'], [0.9]), made('fooling', ['coil · 99 %'], [0.99])];
    expect(bySubject(all)[0]!.pictures.map((one) => all.indexOf(one.made))).toEqual([1, 0]);
  });
});

describe('presets', () => {
  const yosinski = method('yosinski');

  it('are known by their values, and what is changed by its name', () => {
    const edges = presetValues(yosinski, presetAt(yosinski, 'edges'));
    expect(presetOf(yosinski, defaultsOf(yosinski))).toBe(DEFAULT);
    expect(presetOf(yosinski, edges)).toBe('edges');
    expect(presetOf(yosinski, { ...edges, blur: 2 })).toBeUndefined();
    expect(changedFrom(edges, { ...edges, blur: 2 })).toEqual(['blur']);
    expect(nearestPreset(yosinski, { ...edges, blur: 2 })?.name).toBe('edges');
    expect(nearestPreset(yosinski, { ...defaultsOf(yosinski), blur: 2 })).toBeUndefined();
  });

  it('of style, a form begins with the one that looks best; the defaults can be chosen', () => {
    const style = method('style');
    expect(presetOf(style, firstValues(style))).toBe('sharp');
    expect(presetOf(style, presetValues(style, presetAt(style, DEFAULT)))).toBe(DEFAULT);
    expect(firstValues(yosinski)).toEqual(defaultsOf(yosinski));
  });
});

describe('how long it takes', () => {
  it('is told by the pace so far; a pause does not count, nor what came before the first step', () => {
    const pace = new Pace();
    expect(pace.left(0, 10, 5000)).toBeUndefined();
    expect(pace.left(2, 10, 5200)).toBe(800);
    pace.pause(5200);
    expect(pace.left(3, 10, 65_200)).toBeCloseTo((200 / 3) * 7);
    expect(pace.left(4, 10, 65_400)).toBeCloseTo(600);
  });

  it.each([
    [300, '1 s left'],
    [12_400, '12 s left'],
    [43_000, '45 s left'],
    [200_000, '3 min left'],
  ])('%i ms are %s', (milliseconds, text) => expect(formatLeft(milliseconds)).toBe(text));
});

describe('the pictures as they form', () => {
  const frame = (value: number, tiles = 1) => ({ width: 2, height: 1, rgb: new Uint8Array(6 * tiles).fill(value) });

  it('are a few, evenly spaced, however many come', () => {
    const reel = new Reel();
    for (let i = 0; i < 200; i++) reel.add(frame(i));
    const values = reel.pictures(0).map(([first]) => first!);
    expect(values.length).toBeGreaterThan(12);
    expect(values.length).toBeLessThanOrEqual(32);
    const steps = values.slice(1).map((value, i) => value - values[i]!);
    expect(new Set(steps).size).toBe(1);
  });

  it('of one that comes later are those since it came, each once', () => {
    const reel = new Reel();
    for (const one of [frame(1), frame(2, 2), frame(2, 2), frame(3, 2)]) reel.add(one);
    expect(reel.pictures(1).map(([first]) => first)).toEqual([2, 3]);
  });
});

describe('the objective by step', () => {
  it('is whole where it is short, and thinned where it is long, the last step always there', () => {
    const [short] = historyOf('objective', [[5, 6, 7]]).curves;
    expect([...short!.x]).toEqual([1, 2, 3]);
    expect([...short!.y]).toEqual([5, 6, 7]);
    const [long] = historyOf('loss', [Array.from({ length: 5000 }, (_, i) => -i)]).curves;
    expect(long!.x).toHaveLength(200);
    expect([long!.x[0], long!.x.at(-1), long!.y.at(-1)]).toEqual([1, 5000, -4999]);
    expect([...historyOf('loss', [[3]]).curves[0]!.x]).toEqual([1]);
  });
});

it('a gate lets through what is not paused, and holds the rest until it goes on', async () => {
  const gate = new Gate();
  await gate.passed();
  gate.pause();
  let through = false;
  const passing = gate.passed().then(() => (through = true));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect([gate.paused, through]).toEqual([true, false]);
  gate.resume();
  await passing;
  expect([gate.paused, through]).toEqual([false, true]);
});
