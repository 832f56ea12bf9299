import { describe, expect, it } from 'vitest';
import { missingGraph } from '../../../src/core/formats/pytorch/missing.ts';
import { missingParts } from '../../../src/webview/logic/missing.ts';

const layer = (shape: number[]) => ({
  name: 'conv1',
  kind: 'Conv2d',
  operator: 'Conv' as const,
  weights: [{ name: 'conv1.weight', tensor: { dtype: 'float32' as const, shape, data: new Float32Array() } }],
});

describe('what a model lacks', () => {
  it('of PyTorch: two lines to paste', () => {
    const missing = missingGraph("/a/it's; net.pth", "model.load_state_dict(torch.load('it\\'s; net.pth'))", [
      layer([8, 1, 3, 3]),
    ]);
    expect(missingParts(missing)).toEqual({
      text: "The file has weights alone, not the network's graph; its filters can be shown. To see all, export ONNX in Python, where model is the network that your code makes:",
      code:
        "import torch; model.load_state_dict(torch.load('it\\'s; net.pth')); model.eval()\n" +
        "torch.onnx.export(model, torch.zeros(1, 1, 224, 224), 'it\\'s; net.onnx')",
    });
  });

  it('of a whole network that PyTorch has pickled: it is in the file', () => {
    const { text, code } = missingParts(missingGraph('a.pt', "model = torch.load('a.pt')", [layer([8, 3, 3, 3])]));
    expect(text).toMatch(/export ONNX in Python:$/);
    expect(code).toMatch(/^import torch; model = torch.load\('a.pt'\); model.eval\(\)\n/);
  });

  it('of Keras: one line, and the other way', () =>
    expect(
      missingParts(
        "the file has weights alone. To see all, save the whole model in Python: model.save('a.keras'), or write model.to_json() to a.json beside it",
      ),
    ).toEqual({
      text: 'The file has weights alone. To see all, save the whole model in Python, where model is the network that your code makes; or write model.to_json() to a.json beside it:',
      code: "model.save('a.keras')",
    }));

  it('of Caffe: a file beside it', () =>
    expect(missingParts('there are no weights for it; put its .caffemodel beside the .prototxt')).toEqual({
      text: 'There are no weights for it; put its .caffemodel beside the .prototxt.',
    }));
});
