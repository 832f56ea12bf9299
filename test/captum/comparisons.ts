/** A method of ours beside what `explain.py` computes. */
export interface Comparison {
  /** A name of `METHODS` in explain.py, with its settings: `NAME:setting=value,…`. */
  readonly captum: string;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly layer?: string;
  /** Default `attribution`. */
  readonly array?: string;
  /** The least correlation, where it is not that of all. */
  readonly least?: number;
}

interface Case {
  /** In the folder of the shared models. */
  readonly network: string;
  /** In that of the photos. */
  readonly image: string;
  readonly target: number;
  readonly methods: readonly Comparison[];
}

const gradients: readonly Comparison[] = [
  { captum: 'gradient', method: 'saliency' },
  { captum: 'gradient-x-input', method: 'gradient-x-input' },
  { captum: 'integrated-gradients', method: 'integrated-gradients' },
];

const quadratures: readonly Comparison[] = ['left', 'right', 'middle'].map((which) => ({
  captum: `integrated-gradients:method=riemann_${which},n_steps=20`,
  method: 'integrated-gradients',
  params: { quadrature: `riemann-${which}`, steps: 20 },
}));

/** Captum overrides ReLU modules alone: where there are others (ReLU6), the rules differ. */
const rectifiers: readonly Comparison[] = [
  { captum: 'guided-backprop', method: 'guided-backprop' },
  { captum: 'deconvnet', method: 'deconvnet' },
];

const windows: readonly Comparison[] = [
  { captum: 'occlusion:window=32,stride=16', method: 'occlusion', params: { window: 32, stride: 16 } },
];

const maps = (...layers: readonly string[]): readonly Comparison[] =>
  layers.flatMap((layer) => [
    { captum: `grad-cam:layer=${layer}`, method: 'grad-cam', layer, array: 'cam' },
    { captum: `guided-grad-cam:layer=${layer}`, method: 'guided-grad-cam', layer },
  ]);

const squeezenet = 'squeezenet10-deepcomp/squeezenet10.onnx';
const efficientnet = 'efficientnet-lite0/efficientnet-lite0.onnx';

export const COMPARISONS: readonly Case[] = [
  {
    network: squeezenet,
    image: 'zebra.jpg',
    target: 340,
    methods: [...gradients, ...quadratures, ...rectifiers, ...windows, ...maps('fire9/concat', 'fire5/concat')],
  },
  { network: squeezenet, image: 'swan.jpg', target: 99, methods: [...gradients, ...rectifiers] },
  { network: squeezenet, image: 'elephant.jpg', target: 386, methods: [...gradients, ...rectifiers] },
  { network: efficientnet, image: 'zebra.jpg', target: 340, methods: gradients },
];
