import { damaged } from '../failure.ts';
import type { ModelFile } from '../format.ts';
import { readBinary } from './binary.ts';
import { readBlob } from './net.ts';
import { blobTensor } from './weights.ts';

/** A larger picture is none that a network takes. */
const LARGEST = 64 * 2 ** 20;

/** The mean of each channel of a mean picture (`.binaryproto`: 1×C×H×W). */
export function readMean(file: ModelFile): number[] {
  if (file.size > LARGEST) throw damaged('it is too large for a picture');
  const blob = readBlob(readBinary(file, 'Blob'), 'the mean');
  const [channels, height, width] = blob.shape.slice(-3);
  if (!channels || !height || !width) throw damaged(`it has the shape [${blob.shape.join(', ')}]`);
  const { data } = blobTensor(file, blob, blob.shape, 'the mean');
  const plane = height * width;
  return Array.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = 0; i < plane; i++) sum += data[c * plane + i]!;
    return sum / plane;
  });
}
