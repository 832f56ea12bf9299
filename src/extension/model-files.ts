import path from 'node:path';

/** Extensions of model files that no other program opens: a click opens them here. */
export const OWN_EXTENSIONS = ['onnx', 'keras', 'caffemodel', 'safetensors', 'pt', 'pth', 'pt2'] as const;

/** Extensions that others have too: a right-click opens them here. */
export const SHARED_EXTENSIONS = ['h5', 'hdf5', 'pb', 'ckpt'] as const;

/** Names of model files whose extension does not tell: `pytorch_model.bin`, or one of its parts. */
export const OWN_NAMES = 'pytorch_model*.bin';

/** The file that makes a folder a SavedModel. */
export const SAVED_MODEL = 'saved_model.pb';

const one = (names: readonly string[]): RegExp => new RegExp(`\\.(${names.join('|')})$`, 'i');
const OWN = one(OWN_EXTENSIONS);
const SHARED = one(SHARED_EXTENSIONS);
const OWN_NAME = /^pytorch_model[^/\\]*\.bin$/i;

/** Whether a model file opens in the readonly editor (a click or *Open With*): `shared` where others may open it too. */
export function editorOf(file: string): 'own' | 'shared' | undefined {
  const name = path.basename(file);
  if (OWN.test(name) || OWN_NAME.test(name)) return 'own';
  return SHARED.test(name) ? 'shared' : undefined;
}

/** What a model is called among others: many are `model.json` and `saved_model.pb`, so those go by their folder. */
export function modelTitle(model: string): string {
  const name = path.basename(model);
  return name === 'model.json' || name === SAVED_MODEL ? path.basename(path.dirname(model)) : name;
}
