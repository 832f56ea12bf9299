import path from 'node:path';
import * as vscode from 'vscode';
import { showBytes } from '../../core/show-bytes.ts';
import type { GalleryFile, GalleryRequest } from '../../protocol/gallery.ts';
import type { Reply } from '../../protocol/worker.ts';
import { chooseHtmlFile, writeHtml } from '../panels/outside.ts';

type Missing = NonNullable<GalleryRequest['missing']>;

interface Asked {
  readonly model: string;
  readonly layer: string;
  /** Pictures of the layer in all, and those that are there. */
  readonly count: number;
  readonly there: number;
  /** How long the others take. */
  readonly left?: string | undefined;
  make(missing: Missing): Promise<Reply<GalleryFile>>;
}

/**
 * Asks what is to become of missing pictures, and where to, then makes a gallery's file and writes it; cancelled, with what is there.
 * What it is called and what is in it, or undefined when the user leaves a dialog.
 */
export async function saveGallery({ model, layer, make, ...pictures }: Asked): Promise<Reply<string | undefined>> {
  const missing = await chooseMissing(pictures);
  if (missing === undefined) return { ok: true, value: undefined };
  const name = `${path.parse(model).name}-${layer}`.replaceAll(/[^\w.-]+/g, '-');
  const dialog = { title: vscode.l10n.t('Save gallery'), saveLabel: vscode.l10n.t('Save Gallery') };
  const file = await chooseHtmlFile(path.join(path.dirname(model), `${name}.html`), dialog);
  if (file === undefined) return { ok: true, value: undefined };
  const whole = await make(missing);
  const made = !whole.ok && whole.kind === 'cancelled' ? await make('leave out') : whole;
  if (!made.ok) return whole.ok ? made : whole;
  const bytes = new TextEncoder().encode(made.value.html);
  const content = vscode.l10n.t('{0} pictures, {1}', made.value.pictures, showBytes(bytes.length));
  const written = await writeHtml(file, bytes, content);
  return written.ok ? { ok: true, value: `${path.basename(file)}: ${content}` } : written;
}

/** Nothing is asked where nothing is missing, or nothing there. */
async function chooseMissing({
  count,
  there,
  left,
}: Pick<Asked, 'count' | 'there' | 'left'>): Promise<Missing | undefined> {
  if (there === 0 || there === count) return 'make';
  const first = vscode.l10n.t('The missing ones are made first');
  const choices = [
    { label: vscode.l10n.t('What is there'), description: vscode.l10n.t('{0} pictures', there), missing: 'leave out' },
    {
      label: vscode.l10n.t('All {0}', count),
      description: left === undefined ? first : vscode.l10n.t('{0}: about {1}', first, left),
      missing: 'make',
    },
  ] as const;
  const title = vscode.l10n.t('Save gallery');
  return (await vscode.window.showQuickPick(choices, { title, ignoreFocusOut: true }))?.missing;
}
