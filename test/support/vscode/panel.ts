import type { Frame, Locator } from 'playwright-core';
import { eventually } from './eventually.ts';
import type { Workbench } from './workbench.ts';

/** What is over all of a network takes this long at most, on two busy cores. */
const LONG = 60_000;

/** The panel of a model, as a user has it before them. Everything is found by role and name. */
export class ModelPanel {
  readonly frame: Frame;

  private constructor(frame: Frame) {
    this.frame = frame;
  }

  /** The panel that is in view, once its network is drawn. */
  static async inView(workbench: Workbench): Promise<ModelPanel> {
    return eventually(async () => {
      const panel = new ModelPanel(await workbench.webviewFrame());
      await panel.layers().first().waitFor({ timeout: LONG });
      return panel;
    }, LONG);
  }

  /** The panel's heading: the model. */
  title(): Locator {
    return this.frame.getByRole('heading', { level: 2 }).first();
  }

  network(): Locator {
    return this.frame.getByRole('tree', { name: /^Layers/ });
  }

  layers(): Locator {
    return this.network().getByRole('treeitem');
  }

  layer(name: string): Locator {
    return this.network().locator(`[role=treeitem][data-name="${name}"]`);
  }

  /** The field that searches the network. (The toolkit's own, whose input is in a shadow tree.) */
  search(): Locator {
    return this.frame.locator('nav vscode-text-field input');
  }

  async select(name: string): Promise<void> {
    await this.layer(name).click();
    await this.selected(name).waitFor();
  }

  /** The heading over the selected layer's views. */
  selected(name: string): Locator {
    return this.frame
      .getByRole('region', { name: 'The selected layer' })
      .getByRole('heading', { level: 2, name, exact: true });
  }

  /** The pictures in the network's boxes, those that are painted. */
  async paintedBoxes(): Promise<number> {
    return this.network().locator('canvas').evaluateAll(countPainted);
  }

  async openTab(name: string): Promise<void> {
    await this.frame.getByRole('tab', { name, exact: true }).click();
    await this.frame.getByRole('tab', { name, exact: true, selected: true }).waitFor();
  }

  tabs(): Locator {
    return this.frame.getByRole('tab');
  }

  button(name: string | RegExp): Locator {
    return this.frame.getByRole('button', { name });
  }

  /** The tiles of the tab's mosaic. */
  tiles(): Locator {
    return this.frame.getByRole('tabpanel').getByRole('option');
  }

  /** Resolves when the open tab shows at least so many tiles, all painted. */
  async waitForTiles(count: number): Promise<void> {
    await eventually(async () => {
      const pictures = this.frame.getByRole('tabpanel').locator('[role=option] canvas');
      const painted = await pictures.evaluateAll(countPainted);
      if (painted < count) throw new Error(`${painted} of ${count} tiles are painted`);
    }, LONG);
  }

  /** The tile that is enlarged, or the map over the image. */
  detail(): Locator {
    return this.frame.getByRole('complementary');
  }

  /** Where a map is read under the pointer. */
  probe(): Locator {
    return this.frame.getByRole('application').first();
  }

  predictions(): Locator {
    return this.frame.getByRole('list', { name: 'Predicted classes' }).getByRole('listitem');
  }

  /** Resolves when the first of the predicted classes is this one. */
  async waitForPrediction(label: string): Promise<void> {
    await this.predictions().first().filter({ hasText: label }).waitFor({ timeout: LONG });
  }

  /** Chooses an image of the workspace. */
  async chooseImage(name: string): Promise<void> {
    await this.button(/^Image: /).click();
    const choices = this.frame.getByRole('dialog', { name: 'Choose an image' }).getByRole('button');
    await choices.filter({ hasText: name }).first().click();
    await this.button(`Image: ${name}. Choose another`).waitFor();
  }

  /** Resolves when the boxes of the network and the tab are painted for the image. */
  async waitForPictures(count: number): Promise<void> {
    await eventually(async () => {
      const painted = await this.paintedBoxes();
      if (painted < count) throw new Error(`${painted} of ${count} boxes are painted`);
    }, LONG);
  }

  progress(): Locator {
    return this.frame.getByRole('progressbar');
  }

  alert(): Locator {
    return this.frame.getByRole('alert');
  }
}

/** Runs in the page: canvases that are not of one colour. */
function countPainted(canvases: Element[]): number {
  return canvases.filter((element) => {
    const canvas = element as HTMLCanvasElement;
    if (!canvas.width || !canvas.height) return false;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    const first = new Uint32Array(data.buffer);
    return first.some((pixel) => pixel !== first[0]);
  }).length;
}
