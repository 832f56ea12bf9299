import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { torchLayers } from '../../../src/extension/code/torch.ts';

const HEAD = 'import torch\nimport torch.nn as nn\nfrom collections import OrderedDict\n';
const found = (text: string): string[] =>
  torchLayers(HEAD + text).map(({ kind, names }) => `${kind} ${names.join(' ')}`);

describe('layers in PyTorch code', () => {
  it.each([
    [
      'import torch\nclass N(torch.nn.Module):\n  def __init__(self):\n    self.a = torch.nn.Conv2d(1, 2, 3)',
      ['Conv2d a'],
    ],
    ['from torch import nn\nclass N(nn.Module):\n  def __init__(self):\n    self.a = nn.Linear(1, 2)', ['Linear a']],
    ['from torch.nn import Conv2d as C\nclass N:\n  def __init__(self):\n    self.a = C(1, 2)', ['Conv2d a']],
    ['from torch import nn as N\nclass A:\n  def __init__(self):\n    self.a = N.ReLU()', ['ReLU a']],
    ['class A:\n  def __init__(self):\n    self.a = keras.Conv2d()\n    self.b = nn.init.zeros_(x)', []],
  ])('%j', (text, layers) =>
    expect(torchLayers(text).map(({ kind, names }) => `${kind} ${names.join(' ')}`)).toEqual(layers),
  );

  it('by their attributes and places in Sequential', () =>
    expect(
      found(`
class AlexNet(nn.Module):
    def __init__(self, classes=10):
        super(AlexNet, self).__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, kernel_size=11),  # first
            nn.ReLU(inplace=True),
            nn.Sequential(nn.Conv2d(64, 64, 3)),
        )
        self.classifier: nn.Module = nn.Linear(64, classes)

    def forward(self, x):
        return self.classifier(self.features(x))
`),
    ).toEqual(['Conv2d features.0', 'ReLU features.1', 'Conv2d features.2.0', 'Linear classifier']));

  it('by the names that OrderedDict, ModuleDict, ModuleList and add_module give', () =>
    expect(
      found(`
class N(nn.Module):
    def __init__(self):
        self.a = nn.Sequential(OrderedDict([('c', nn.Conv2d(1, 2, 3)), ('r', nn.ReLU())]))
        self.b = nn.ModuleDict({'x': nn.Linear(1, 2), 'y': nn.Linear(1, 3)})
        self.c = nn.ModuleList([nn.Conv2d(1, 2, 3), nn.Conv2d(1, 2, 3)])
        self.a.add_module('last', nn.Tanh())
        self.add_module('head', nn.Linear(3, 4))
`),
    ).toEqual([
      'Conv2d a.c',
      'ReLU a.r',
      'Linear b.x',
      'Linear b.y',
      'Conv2d c.0',
      'Conv2d c.1',
      'Tanh a.last',
      'Linear head',
    ]));

  it('within classes of the file, at each place where they are used', () =>
    expect(
      found(`
class Fire(nn.Module):
    def __init__(self):
        self.squeeze = nn.Conv2d(1, 2, 1)
class ConvReLU(nn.Sequential):
    def __init__(self, i, o):
        super().__init__(nn.Conv2d(i, o, 3), nn.ReLU())
class Net(nn.Module):
    def __init__(self):
        self.stem = ConvReLU(3, 8)
        self.features = nn.Sequential(Fire(), nn.MaxPool2d(2), Fire())
`),
    ).toEqual([
      'Conv2d features.0.squeeze features.2.squeeze',
      'Conv2d stem.0',
      'ReLU stem.1',
      'MaxPool2d features.1',
    ]));

  it('somewhere, where a class is used in a way that only running it would tell', () =>
    expect(
      found(`
class Block(nn.Module):
    def __init__(self):
        self.conv1 = nn.Conv2d(1, 2, 1)
class Net(nn.Module):
    def __init__(self):
        self.conv1 = nn.Conv2d(3, 4, 5)
        self.layer1 = self._make(Block, 3)
        for i in range(3):
            self.more = nn.Conv2d(1, 1, 1)
`),
    ).toEqual(['Conv2d *.conv1', 'Conv2d conv1']));

  it('that functions make, where their result is assigned', () =>
    expect(
      found(`
def conv_bn(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3), nn.BatchNorm2d(o))
def conv1x1(i, o):
    return nn.Conv2d(i, o, 1)
class Net(nn.Module):
    def __init__(self):
        self.a = conv_bn(3, 4)
        self.b = conv1x1(4, 5)
`),
    ).toEqual(['Conv2d a.0', 'BatchNorm2d a.1', 'Conv2d b']));

  it('of a Sequential that is the whole network; up to what is not known', () =>
    expect(found('model = nn.Sequential(nn.Conv2d(1, 2, 3), *rest, nn.ReLU())')).toEqual(['Conv2d 0']));

  it('survives classes that use each other, and points at class and attribute', () => {
    const text = `class A(nn.Module):\n  def __init__(self):\n    self.b = B()\n    self.c = nn.ReLU()\nclass B(nn.Module):\n  def __init__(self):\n    self.a = A()\n`;
    expect(found(text)).toEqual([]);
    const code = 'class N:\n  def __init__(self):\n    self.conv1 = nn.Conv2d(1, 2, 3)';
    const [layer] = torchLayers(code);
    expect(layer!.pointers.map(({ from, to }) => code.slice(from, to))).toEqual(['Conv2d', 'conv1']);
  });

  it('never throws, and points inside the text', () => {
    const piece = fc.constantFrom(
      'class A:',
      'def f():',
      '\n',
      '  ',
      'self.a',
      '=',
      'nn.Conv2d(',
      ')',
      'A(',
      '[',
      ']',
      ',',
      'return ',
      "'x'",
      '*',
      'nn.Sequential(',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        for (const { pointers, definition } of torchLayers(text))
          for (const { from, to } of [...pointers, definition!]) {
            expect(from).toBeGreaterThanOrEqual(0);
            expect(to).toBeLessThanOrEqual(text.length);
            expect(from).toBeLessThan(to);
          }
      }),
    );
  });
});
