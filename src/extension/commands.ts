/** The commands that package.json contributes; a test holds the two together. */
export const COMMANDS = {
  inspectModel: 'layerscope.inspectModel',
  openSample: 'layerscope.openSample',
  compareModels: 'layerscope.compareModels',
  explainImage: 'layerscope.explainImage',
  saliencyOnImage: 'layerscope.saliencyOnImage',
  visualizeLayer: 'layerscope.visualizeLayer',
  computeThumbnails: 'layerscope.computeThumbnails',
  computeAllThumbnails: 'layerscope.computeAllThumbnails',
  pauseThumbnails: 'layerscope.pauseThumbnails',
  stopThumbnails: 'layerscope.stopThumbnails',
  openGallery: 'layerscope.openGallery',
  clearCache: 'layerscope.clearCache',
  showLog: 'layerscope.showLog',
  restartWorker: 'layerscope.restartWorker',
} as const;

/** The settings that package.json contributes, without their section, and their defaults. */
export const SETTINGS = {
  models: {},
  codeLens: true,
  engine: 'auto',
} as const;

export const SECTION = 'layerscope';

/** What `visualizeLayer` takes: paths of the machine that the extension runs on, names as the model has them. */
export interface LayerArguments {
  readonly model: string;
  readonly layer: string;
  /** A method's id. */
  readonly tab?: string;
}

/** What `computeThumbnails` takes: the layer, and where the hover is to open again (line and character from 0). */
export interface ThumbnailArguments {
  readonly model: string;
  readonly layer: string;
  readonly uri: string;
  readonly line: number;
  readonly character: number;
}

/** View types of the panel, and of the readonly editor: of files that are ours alone, and of those that others open too. */
export const PANEL_VIEW = 'layerscope.panel';
export const GALLERY_VIEW = 'layerscope.gallery';
export const EDITOR_VIEWS = { own: 'layerscope.model', shared: 'layerscope.sharedModel' } as const;
