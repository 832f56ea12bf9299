import { describe } from './describe.ts';
import { checkEngine, chooseEngine } from './engines/choose.ts';
import { LayerscopeError } from './errors.ts';
import { openModel } from './formats/index.ts';
import type { OpenOptions } from './request.ts';
import { Session } from './session.ts';

interface Places {
  /** In which stays what was measured: which engine is the fastest. */
  readonly cacheFolder?: string | undefined;
}

/**
 * Opens a model file with its description and an engine. Rejects with a file error for a file that can't be read, a usage
 * error for an unknown engine, an engine error where none loads.
 */
export async function openSession(path: string, options: OpenOptions = {}, places: Places = {}): Promise<Session> {
  checkEngine(options.engine ?? 'auto');
  const model = await openModel(path);
  const engine = await chooseEngine(options.engine, { model, ...places });
  const description = await describe(model, options);
  try {
    return new Session(model, engine, description);
  } catch (error) {
    if (error instanceof LayerscopeError && error.kind === 'file' && !error.message.startsWith(model.file))
      throw new LayerscopeError('file', `${model.file}: ${error.message}`, { cause: error });
    throw error;
  }
}
