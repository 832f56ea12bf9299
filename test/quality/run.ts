// npm run quality [-- --only channels,classes,inversion,style,seed,fooling] [--python PYTHON] [--draw 7] [--seeds 3]
//
// What the pictures reach on SqueezeNet, as a table: channels' activations beside the best photo's and, where PYTHON has torch-lucent,
// beside Lucent's after as many steps; class models that become the first choice; distances of inversions; losses of a style; the same
// bytes for the same seed; how certain the samples' network is of pictures that fool it. Each goal that is missed is marked, and makes the command fail. The network and the photos are found by
// LAYERSCOPE_SHARED (default ../shared).
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { openSession } from '../../src/core/open.ts';
import { random } from '../../src/core/optimization/random.ts';
import { stages } from '../../src/core/stimuli/stages.ts';
import { bestOfPhotos, firstChoices, made, MODEL, photo, session } from './squeezenet.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'seed,fooling,inversion,style,classes,channels' },
    channels: { type: 'string', default: '{"fire5/concat":[0,111,202],"fire9/concat":[73,256,402]}' },
    /** So many channels of `fire5` and of `fire9` in place of those, drawn at random, always the same. */
    draw: { type: 'string', default: '0' },
    /** Of so many seeds the mean, of Lucent's too. */
    seeds: { type: 'string', default: '1' },
    python: { type: 'string', default: '' },
    /** What lucent_pictures.py printed before. */
    lucent: { type: 'string', default: '' },
  },
});
const channels =
  Number(values.draw) > 0 ? drawn(Number(values.draw)) : (JSON.parse(values.channels) as Record<string, number[]>);
let missed = 0;

function drawn(count: number): Record<string, number[]> {
  const numbers = random(14);
  return Object.fromEntries(
    ['fire5/concat', 'fire9/concat'].map((layer) => {
      const found = new Set<number>();
      while (found.size < count) found.add(numbers.upTo(session.shapes.get(layer)![1]! - 1));
      return [layer, [...found]];
    }),
  );
}

function row(what: string, found: string, goal: string, reached: boolean): void {
  if (!reached) missed++;
  console.log(`| ${what} | ${found} | ${goal} | ${reached ? 'yes' : '**no**'} |`);
}

const CHECKS: Readonly<Record<string, () => Promise<void>>> = {
  async channels() {
    const script = new URL('lucent_pictures.py', import.meta.url).pathname;
    const printed =
      values.lucent ||
      (values.python &&
        execFileSync(values.python, [script, MODEL, JSON.stringify(channels), '--seeds', values.seeds]).toString());
    const lucent = printed ? (JSON.parse(printed) as Record<string, Record<string, number>>) : {};
    for (const [layer, units] of Object.entries(channels)) {
      const photos = await bestOfPhotos(layer, units);
      const params = { size: 224 };
      const seeds: number[][] = [];
      for (let seed = 0; seed < Number(values.seeds); seed++) {
        const unit = units.map((one) => `${one}-${one}`).join();
        const { metrics } = await made({ method: 'activation-maximisation', layer, unit, params, seed });
        seeds.push(metrics['activation'] as number[]);
        console.error(
          `${layer} ${unit}, seed ${seed}: ${seeds
            .at(-1)!
            .map((value) => value.toFixed(2))
            .join(' ')}`,
        );
      }
      units.forEach((unit, i) => {
        const value = seeds.reduce((sum, each) => sum + each[i]!, 0) / seeds.length;
        const peer = lucent[layer]?.[unit];
        const beside = `best photo ${photos[i]!.toFixed(2)}${peer === undefined ? '' : `, Lucent ${peer.toFixed(2)}`}`;
        row(`${layer} ${unit}`, value.toFixed(2), beside, value > photos[i]! && value >= (peer ?? -Infinity));
      });
    }
  },
  async classes() {
    const numbers = random(6);
    const targets = Array.from({ length: 10 }, () => numbers.upTo(999));
    let reached = 0;
    for (const target of targets) {
      const [choice] = await firstChoices(await made({ method: 'class-model', target, params: { of: 'score' } }));
      if (choice === target) reached++;
      else console.error(`class ${target}: ${choice}`);
    }
    row('class models whose class is the first choice', `${reached} of 10`, '9', reached >= 9);
  },
  async inversion() {
    for (const { name } of stages(session, Infinity).slice(0, 3)) {
      const { metrics } = await made({ method: 'inversion', layer: name, image: photo('zebra.jpg') });
      const [distance] = metrics['distance'] as [number];
      row(`inversion of ${name}, relative distance`, distance.toFixed(3), '≤ 0.15', distance <= 0.15);
    }
  },
  async style() {
    const { metrics } = await made({ method: 'style', image: photo('zebra.jpg'), style: photo('swan.jpg') });
    for (const loss of ['content', 'style']) {
      const [first, last] = metrics[loss] as [number, number];
      const fall = 1 - last / first;
      row(`style: ${loss} loss`, `${first.toPrecision(3)} → ${last.toPrecision(3)}`, '−90 %', fall >= 0.9);
    }
  },
  async fooling() {
    const digits = await openSession('media/samples/digits.onnx');
    for (const by of ['cppn', 'gradient']) {
      const { metrics } = await made({ method: 'fooling', params: { by } }, digits);
      const sure = (metrics['confidence'] as number[]).filter((confidence) => confidence >= 0.99).length;
      row(`digits of which it is 99 % certain, by ${by}`, `${sure} of 10`, '8', sure >= 8);
    }
    await digits.dispose();
  },
  async seed() {
    const params = { steps: 20, size: 64 };
    const request = { method: 'activation-maximisation', layer: 'fire5/concat', params, seed: 7 };
    const [one, again, among] = [
      await made({ ...request, unit: '3' }),
      await made({ ...request, unit: '3' }),
      await made({ ...request, unit: '0-8' }),
    ];
    const bytes = (rgb: Uint8Array, n: number) => Buffer.from(rgb.subarray(n * 64 * 64 * 3, (n + 1) * 64 * 64 * 3));
    const same = bytes(one.rgb, 0).equals(bytes(again.rgb, 0)) && bytes(one.rgb, 0).equals(bytes(among.rgb, 3));
    row('the same seed, alone and among nine', same ? 'the same bytes' : 'others', 'the same bytes', same);
  },
};

console.log('| what | reached | goal | met |\n| --- | --- | --- | --- |');
for (const name of values.only.split(',')) await CHECKS[name]!();
await session.dispose();
process.exit(missed > 0 ? 1 : 0);
