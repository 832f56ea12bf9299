import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS, EDITOR_VIEW, PANEL_VIEW, SECTION, SETTINGS } from '../../../src/extension/commands.ts';

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

  it('opens model files in the readonly editor', () => {
    const [editor] = contributes.customEditors;
    expect(editor.viewType).toBe(EDITOR_VIEW);
    expect(editor.selector.map((one: { filenamePattern: string }) => one.filenamePattern)).toEqual([
      '*.onnx',
      '*.keras',
      '*.h5',
      '*.hdf5',
    ]);
  });

  it('starts when a panel is to come back after a reload', () => {
    expect(manifest.activationEvents).toContain(`onWebviewPanel:${PANEL_VIEW}`);
  });

  it('points at files that are there', () => {
    const files = [...JSON.stringify(manifest).matchAll(/"(?:\.\/)?((?:media|docs)\/[^"]+)"/g)].map(
      ([, path]) => path!,
    );
    expect(files.length).toBeGreaterThan(6);
    for (const path of files)
      expect(readFileSync(new URL(`../../../${path}`, import.meta.url)).length).toBeGreaterThan(0);
  });

  const menu: { command: string; when: string }[] = contributes.menus['explorer/context'];
  const extensions = new RegExp(/resourceExtname =~ \/(.+?)\/i/.exec(menu[0]!.when)![1]!, 'i');
  it.each([
    ['.onnx', true],
    ['.h5', true],
    ['.HDF5', true],
    ['.keras', true],
    ['.json', false],
    ['.h5x', false],
    ['.xonnx', false],
  ])('offers Inspect Model on a file that ends with %s: %s', (extension, offered) => {
    expect(extensions.test(extension)).toBe(offered);
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
