import { classCount, classOutput, classScores, topClasses } from './classes.ts';
import { loadInput } from './inputs.ts';
import type { ImageSource } from './request.ts';
import type { Session } from './session.ts';
import type { ImageSummary } from './summaries.ts';

/** How many classes an image's summary lists. */
const TOP = 5;

/**
 * The image as the network gets it, and its top five classes: none where the network is no classifier, or can't be run to its
 * end. Rejects as `runMethod` does.
 */
export async function classify(session: Session, source: ImageSource, signal: AbortSignal): Promise<ImageSummary> {
  const image = await loadInput(session, source);
  const started = performance.now();
  const output = classOutput(session);
  const [answer] = classCount(session, output) ? await classScores(session, image.feeds, output, signal) : [];
  const milliseconds = performance.now() - started;
  return {
    name: image.name,
    width: image.picture?.width ?? 0,
    height: image.picture?.height ?? 0,
    rgb: image.picture?.rgb ?? new Uint8Array(),
    top: answer ? topClasses(answer, session.description.labels, TOP) : [],
    milliseconds,
  };
}
