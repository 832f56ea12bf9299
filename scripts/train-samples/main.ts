// Trains the network of media/samples on handwritten digits and saves it: npm run train-samples
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDigits } from './digits.ts';
import { saveDigit, saveKeras, saveOnnx, saveTfjs } from './save.ts';
import { accuracy, train } from './train.ts';

const NAMES = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const REQUIRED = 0.97;

const folder = path.resolve(process.argv[2] ?? fileURLToPath(new URL('../../media/samples', import.meta.url)));
const started = Date.now();
const { training, heldBack } = loadDigits();
const recipe = { seed: 1, epochs: 24, rate: 1.5e-3, weightDecay: 0.02, noise: 0.1, attack: 1.8 };
const weights = await train(training, recipe, (line) => {
  console.log(`${line} (${Math.round((Date.now() - started) / 1000)} s)`);
});
const right = await accuracy(weights, heldBack);
console.log(`${(right * 100).toFixed(2)} % of ${heldBack.length} held-back digits are named rightly`);
if (right < REQUIRED) throw new Error(`At least ${REQUIRED * 100} % were expected; nothing was saved.`);

mkdirSync(path.join(folder, 'images'), { recursive: true });
await saveKeras(path.join(folder, 'digits.h5'), weights);
saveOnnx(path.join(folder, 'digits.onnx'), weights);
saveTfjs(path.join(folder, 'digits-tfjs'), weights);
NAMES.forEach((name, label) => {
  const digit = heldBack.filter((digit) => digit.label === label)[3]!;
  saveDigit(path.join(folder, 'images', `${name}.png`), digit);
});
console.log(`Saved in ${folder}: digits.h5, digits.onnx, digits-tfjs/model.json, images/`);
