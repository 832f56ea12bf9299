// npm run bench:thumbnails [-- MODEL [LAYER,LAYER…]]
//
// Seconds that the first nine thumbnails of layers take, from nothing (compiling included), as a hover's link computes them. Default:
// SqueezeNet's stages and its classes.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FEW } from '../../src/core/gallery/layers.ts';
import { thumbnailParameters } from '../../src/core/gallery/thumbnail-recipe.ts';
import { makeThumbnails } from '../../src/core/gallery/thumbnails.ts';
import { findLayer } from '../../src/core/layers.ts';
import { openSession } from '../../src/core/open.ts';
import { stages } from '../../src/core/stimuli/stages.ts';
import { SQUEEZENET } from '../support/shared.ts';

const [model = SQUEEZENET, names] = process.argv.slice(2);
const session = await openSession(model);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerscope-bench-'));
const layers = names?.split(',') ?? [...stages(session, 12).map(({ name }) => name), session.model.layers.at(-1)!.name];
try {
  for (const name of layers) {
    const layer = findLayer(session, name);
    const units = Array.from({ length: FEW }, (_, unit) => unit);
    const started = performance.now();
    const run = makeThumbnails({ session, layer, units, folder }, new AbortController().signal);
    for (let step = await run.next(); !step.done; step = await run.next());
    const seconds = (performance.now() - started) / 1000;
    const { size, steps } = thumbnailParameters(session, layer);
    console.log(
      `${name.padEnd(24)}${size ? `${size} px` : 'its field'}, ${steps} steps`.padEnd(50),
      `${seconds.toFixed(2)} s`,
    );
  }
} finally {
  await session.dispose();
  fs.rmSync(folder, { recursive: true });
}
