import fs from 'node:fs';
import path from 'node:path';

/** Real networks, photos and digits, which are not part of the project: `LAYERSCOPE_SHARED`, default `../shared`. */
export const SHARED = path.resolve(
  process.env['LAYERSCOPE_SHARED'] ?? path.join(import.meta.dirname, '../../../shared'),
);

export const hasShared = fs.existsSync(path.join(SHARED, 'models'));

/** Said in the title of what is skipped without them. */
export const needsShared = hasShared ? '' : ' (skipped: no networks; LAYERSCOPE_SHARED names their folder)';

export const sharedModel = (...names: string[]): string => path.join(SHARED, 'models', ...names);
export const photo = (name: string): string => path.join(SHARED, 'data/photos', name);

export const SQUEEZENET = sharedModel('squeezenet10-deepcomp/squeezenet10.onnx');
