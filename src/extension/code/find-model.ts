import path from 'node:path';
import { OWN_EXTENSIONS, SAVED_MODEL, SHARED_EXTENSIONS } from '../model-files.ts';
import { matchesGlob } from './glob.ts';

const EXTENSIONS = [...OWN_EXTENSIONS, ...SHARED_EXTENSIONS].join('|');
const NAMES = `[^"'\\n]+\\.(?:${EXTENSIONS}|prototxt)|(?:[^"'\\n]*[\\\\/])?(?:model\\.json|pytorch_model\\.bin)`;

/** Model files by their names; a net's description alone is not one, beside code. */
const MODEL = new RegExp(`\\.(${EXTENSIONS})$|^model\\.json$|^pytorch_model\\.bin$`, 'i');

/** Where several formats of one model lie side by side, the one whose layers are named as code names them. */
const PREFERENCE = '.h5 .hdf5 .keras .json .onnx .pb .caffemodel .pt2 .pt .pth .safetensors .ckpt .bin'.split(' ');

/** Paths in a file's strings that end as models do; f-strings say only half. */
const STRINGS = new RegExp(`(?<![fF])(["'])(${NAMES})\\1`, 'g');

/** Folders that are SavedModels, where code loads or saves them. */
const FOLDERS = /\b(?:saved_model\.(?:load|save)|load_model|TFSMLayer|\w+\.export|\w+\.save)\s*\(([^()\n]*)/g;
const FOLDER = /(?<![fF])(["'])([^"'\n]+?)[\\/]?\1/g;

/** Code that a model is looked for. */
export interface CodeFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  /** Whether the file is a model itself. */
  readonly isModel: boolean;
}

/** What `layerscope.models`, or a description beside the model, says. */
export interface CodeOfModel {
  /** Absolute. */
  readonly model: string;
  /** Globs, relative to `root`. */
  readonly code: readonly string[];
  readonly root: string;
}

/** What lies around the code. */
export interface Surroundings {
  readonly settings: readonly CodeOfModel[];
  /** Absolute paths of the open folders. */
  readonly folders: readonly string[];
  /** What the user chose for this file before. */
  readonly remembered: string | undefined;
  exists(file: string): Promise<boolean>;
  /** Names in a folder; empty where it can't be read. */
  list(folder: string): Promise<readonly string[]>;
  /** Undefined where it can't be read. */
  read(file: string): Promise<string | undefined>;
}

/**
 * Which model a file of code means: itself; else what the settings say, else the description beside a model, else a
 * path in one of its strings, else the only model in its folder, else what the user has chosen before.
 */
export async function findModel(code: CodeFile, around: Surroundings): Promise<string | undefined> {
  if (code.isModel) return code.path;
  const set = around.settings.find((entry) => means(entry, code.path));
  if (set && (await around.exists(set.model))) return set.model;
  const folder = path.dirname(code.path);
  const named = await existing(pathsIn(code), [folder, ...around.folders], around);
  const names = await around.list(folder);
  const models = names.filter((name) => MODEL.test(name)).map((name) => path.join(folder, name));
  const described = await describedModels(code.path, names, models, around);
  const known = described.find((model) => named.includes(model)) ?? described[0] ?? named[0];
  if (known !== undefined) return known;
  if (models.length === 1) return models[0];
  return around.remembered !== undefined && (await around.exists(around.remembered)) ? around.remembered : undefined;
}

function means({ code, root }: CodeOfModel, file: string): boolean {
  const relative = path.relative(root, file).replaceAll(path.sep, '/');
  return code.some((glob) => glob === file || matchesGlob(relative, glob));
}

/** In the order of the text, but the surest to be a whole model first. */
function pathsIn({ text }: CodeFile): string[] {
  const files = [...text.matchAll(STRINGS)].map(([, , name]) => name!);
  const folders = [...text.matchAll(FOLDERS)].flatMap(([, given]) =>
    [...given!.matchAll(FOLDER)].map(([, , name]) => `${name}/${SAVED_MODEL}`),
  );
  const found = new Set([...files, ...folders].map((name) => name.replaceAll('\\\\', '/')));
  return [...found].sort((a, b) => doubt(a) - doubt(b));
}

/** How likely a file has not all of the model: weights alone, or none. */
function doubt(name: string): number {
  if (/\.prototxt$/i.test(name)) return 3;
  if (/\.(pt|pth|safetensors|bin|ckpt)$/i.test(name)) return 2;
  return Number(/weights/i.test(name));
}

async function existing(names: readonly string[], folders: readonly string[], around: Surroundings): Promise<string[]> {
  const places = names.flatMap((name) => folders.map((folder) => path.resolve(folder, name)));
  const there = await Promise.all(places.map((place) => around.exists(place)));
  return places.filter((_, i) => there[i]);
}

/** The models beside this file whose NAME.layerscope.json counts it among their code. */
async function describedModels(
  file: string,
  names: readonly string[],
  models: readonly string[],
  around: Surroundings,
): Promise<string[]> {
  const root = path.dirname(file);
  const found: string[] = [];
  for (const name of names.filter((candidate) => candidate.endsWith('.layerscope.json'))) {
    const code = codeOf(await around.read(path.join(root, name)));
    if (!means({ model: '', code, root }, file)) continue;
    const stem = name.slice(0, -'.layerscope.json'.length);
    found.push(...models.filter((model) => path.parse(model).name === stem));
  }
  const rank = (model: string) => PREFERENCE.indexOf(path.extname(model).toLowerCase());
  return found.sort((a, b) => rank(a) - rank(b));
}

function codeOf(text: string | undefined): string[] {
  try {
    const { code } = JSON.parse(text ?? '{}') as { code?: unknown };
    return Array.isArray(code) ? code.filter((glob) => typeof glob === 'string') : [];
  } catch {
    return [];
  }
}
