import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkEngine } from '../../../src/core/engines/choose.ts';
import {
  COMMANDS,
  EDITOR_VIEWS,
  GALLERY_VIEW,
  PANEL_VIEW,
  SECTION,
  SETTINGS,
} from '../../../src/extension/commands.ts';
import { editorOf, OWN_EXTENSIONS, OWN_NAMES, SHARED_EXTENSIONS } from '../../../src/extension/model-files.ts';

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'));
const manifest = read('package.json');
const texts: Record<string, string> = read('package.nls.json');
const { contributes } = manifest;
const commands: string[] = contributes.commands.map(({ command }: { command: string }) => command);

describe('package.json', () => {
  it('contributes the commands of the table, no others', () => {
    expect([...commands].sort()).toEqual(Object.values(COMMANDS).sort());
  });

  it('contributes the settings of the table, with their defaults', () => {
    const properties = contributes.configuration.properties as Record<string, { default: unknown }>;
    const defaults = Object.entries(properties).map(([name, property]) => [name, property.default]);
    expect(Object.fromEntries(defaults)).toEqual(
      Object.fromEntries(Object.entries(SETTINGS).map(([name, value]) => [`${SECTION}.${name}`, value])),
    );
  });

  it('offers the engines that there are', async () => {
    const { enum: offered } = contributes.configuration.properties['layerscope.engine'] as { enum: string[] };
    for (const name of offered) expect(() => checkEngine(name)).not.toThrow();
    expect(() => checkEngine('other')).toThrow(`choose ${offered.join(', ')}.`);
  });

  it('has conditions that VS Code can read: it takes what it can’t for true', () => {
    const items = Object.values(contributes.menus).flat() as { when?: string }[];
    for (const { when } of items) expect(when).not.toMatch(/!~/);
  });

  it('names only its own commands in menus, and hides from the palette what needs arguments', () => {
    const items = Object.values(contributes.menus).flat() as { command: string }[];
    for (const { command } of items) expect(commands).toContain(command);
    const hidden = contributes.menus.commandPalette.filter(({ when }: { when: string }) => when === 'false');
    expect(hidden.map(({ command }: { command: string }) => command).sort()).toEqual(
      [COMMANDS.visualizeLayer, COMMANDS.computeThumbnails].sort(),
    );
  });

  it('has a text for every key, and no text without one', () => {
    const keys = JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g);
    expect([...new Set([...keys].map(([, key]) => key))].sort()).toEqual(Object.keys(texts).sort());
  });

  it('opens in the readonly editor what is ours by a click, what others open too by choice, and texts never', () => {
    interface Editor {
      readonly viewType: string;
      readonly priority: string;
      readonly selector: readonly { readonly filenamePattern: string }[];
    }
    const editors = (contributes.customEditors as Editor[]).map(({ viewType, priority, selector }) => [
      viewType,
      priority,
      selector.map(({ filenamePattern }) => filenamePattern),
    ]);
    const patterns = (extensions: readonly string[]) => extensions.map((extension) => `*.${extension}`);
    expect(editors).toEqual([
      [EDITOR_VIEWS.own, 'default', [...patterns(OWN_EXTENSIONS), OWN_NAMES]],
      [EDITOR_VIEWS.shared, 'option', patterns(SHARED_EXTENSIONS)],
    ]);
  });

  it.each([
    ['net.ONNX', 'own'],
    ['pytorch_model-00001-of-00002.bin', 'own'],
    ['other.bin', undefined],
    ['net.h5', 'shared'],
    ['saved/saved_model.pb', 'shared'],
    ['deploy.prototxt', undefined],
    ['model.json', undefined],
    ['x.pth.tar', undefined],
  ])('the editor of %s: %s', (file, editor) => expect(editorOf(file)).toBe(editor));

  it('starts when a panel is to come back after a reload', () => {
    for (const view of [PANEL_VIEW, GALLERY_VIEW])
      expect(manifest.activationEvents).toContain(`onWebviewPanel:${view}`);
  });

  it('points at files that are there', () => {
    const files = [...JSON.stringify(manifest).matchAll(/"(?:\.\/)?((?:media|docs)\/[^"]+)"/g)].map(
      ([, path]) => path!,
    );
    expect(files.length).toBeGreaterThan(6);
    for (const path of files)
      expect(readFileSync(new URL(`../../../${path}`, import.meta.url)).length).toBeGreaterThan(0);
  });

  const [onFiles, onFolders]: { command: string; when: string }[] = contributes.menus['explorer/context'];
  const matchers = Object.fromEntries(
    [...onFiles!.when.matchAll(/(resource\w+) =~ \/(.+?)\/i/g)].map(([, key, source]) => [
      key,
      new RegExp(source!, 'i'),
    ]),
  );
  it.each([
    ['net.onnx', true],
    ['net.h5', true],
    ['net.HDF5', true],
    ['net.keras', true],
    ['saved_model.pb', true],
    ['net.caffemodel', true],
    ['deploy.prototxt', true],
    ['model.safetensors', true],
    ['model.safetensors.index.json', true],
    ['net.pt', true],
    ['net.pth', true],
    ['net.pt2', true],
    ['net.ckpt', true],
    ['pytorch_model.bin', true],
    ['pytorch_model-00001-of-00002.bin', true],
    ['model.json', true],
    ['other.bin', false],
    ['package.json', false],
    ['my_model.json', false],
    ['net.h5x', false],
    ['net.xonnx', false],
    ['arrays.npz', false],
  ])('offers Inspect Model on %s: %s', (name, offered) => {
    const extension = /\.[^.]*$/.exec(name)![0];
    const found = matchers['resourceExtname']!.test(extension) || matchers['resourceFilename']!.test(name);
    expect(found).toBe(offered);
  });

  it('offers it on the same files in a tab’s menu, and on folders that are SavedModels', () => {
    const [onTabs] = contributes.menus['editor/title/context'] as { when: string }[];
    expect(onFiles!.when).toBe(onTabs!.when.replace(' && (', ' && !explorerResourceIsFolder && ('));
    expect(onFolders!.when).toContain('resourcePath in layerscope.savedModels');
  });
});

describe('the schema of a description', () => {
  const schema = read('media/layerscope.schema.json');
  const setting = contributes.configuration.properties['layerscope.models'].additionalProperties.properties;

  it('knows what the setting knows, and its own address', () => {
    expect(Object.keys(schema.properties).sort()).toEqual(['$schema', ...Object.keys(setting)].sort());
    expect(Object.keys(schema.properties.input.properties)).toEqual(Object.keys(setting.input.properties));
  });
});
