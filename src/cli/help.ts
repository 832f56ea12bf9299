import { FORMAT_NAMES } from '../core/formats/index.ts';

export const HELP = `Layerscope: what a convolutional network has learned, from its model file.

  layerscope inspect MODEL [--json]       layers, shapes, parameters, receptive fields
  layerscope methods [--json]             what can be run, with parameters and sources
  layerscope run METHOD --model MODEL [options] --out DIR
  layerscope report --model MODEL --image FILE --out FILE.html [options]
                                          one image by every method, and which map to believe: one HTML file
  layerscope gallery --model MODEL --layer NAME --out FILE.html [--engine NAME]
                                          what every channel of a layer prefers, small: one HTML file
  layerscope export MODEL --out FILE.onnx [--layer NAME] [--gradient RULE --target K]
  layerscope bench [--model MODEL] [--json]

RULE of export:
  gradient, guided, deconvnet        also ,switches=none (max-pool to its window's centre) and ,seed=value
  lrp-epsilon, lrp-alpha-beta, z-plus   shares of the score; lrp-epsilon,epsilon=0.25 lrp-alpha-beta,alpha=1
  redirected-relu, open-relu         gradient through dead ReLUs, through all

Options of run:
  --layer NAME          a layer, as inspect names it
  --unit C              a channel; C,Y,X one position; 3-11, 3,7 or 9- (to the last) several
  --target K            class number or label; default the predicted class
  --against K           why the target and not class K: the difference of their scores
  --with MODEL          another model or checkpoint: both views, and their difference (filters, activations)
  --image FILE          PNG or JPEG, or .npy: the exact input in the layout of the model file;
                        style takes two, content first; so does objective=direction
  --set NAME=VALUE      a parameter of the method; may be repeated
  --engine NAME         auto, onnxruntime, tfjs-node, tfjs-wasm
  --seed N              default 0: the same seed, engine and machine give the same bytes
  --raw                 also the arrays, as .npy
  --input NAME          which input the image is for; --feed NAME=FILE.npy for each other
  --output NAME         which output classifies
  --out DIR             gets result.json and the pictures
  --quiet, --verbose    no progress; the stack of an error

Pictures of a gallery are kept: cancelled, it writes what is there, and the same command goes on from there.

Options of report: --target, --against, --layer, --unit, --engine, --seed, --quiet as above, and
  --methods A,B         attribution methods; default all
  --trust A,B           what is measured of each map, as trust's metrics; none; default all

In the JSON of inspect shapes are of one image, without the batch.
Formats: ${FORMAT_NAMES}.
'layerscope run METHOD --help' lists a method's parameters.
Exit status: 0; 2 wrong use; 3 a file that can't be read; 4 memory or engine; 130 cancelled.
`;
