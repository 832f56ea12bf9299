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

  it('the example’s input is that of the layer that takes the image, wherever the file names it', () => {
    const linear = { ...layer([10, 512]), name: 'classifier', operator: 'Gemm' as const };
    const depthwise = { ...layer([8, 1, 3, 3]), groups: 8 };
    const exported = (...layers: Parameters<typeof missingGraph>[2]) => missingGraph('a.pt', 'model = x', layers);
    expect(exported(linear, layer([8, 16, 3, 3]), depthwise, layer([8, 3, 3, 3]))).toContain(
      'torch.zeros(1, 3, 224, 224)',
    );
    expect(exported(linear, layer([8, 16, 3, 3]))).toContain('torch.zeros(1, 16, 224, 224)');
    expect(exported(linear)).toContain('torch.zeros(1, 512)');
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
