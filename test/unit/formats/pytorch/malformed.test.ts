import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openModel } from '../../../../src/core/formats/index.ts';
import { failure, write } from '../files.ts';
import { archive, global, int, pickle, safetensors, stateDict, tensor, text } from './files.ts';
import { fixture } from './fixtures.ts';

const F32 = { dtype: 'F32', shape: [4], data_offsets: [0, 16] } as const;
const view = { count: 4, shape: [2, 2], strides: [2, 1] };
const plain = () => stateDict(view);
const withPickle = (...opcodes: readonly (string | number | Uint8Array)[]) =>
  archive({ 'data.pkl': pickle(...opcodes), 'data/0': new Uint8Array(16) });

type Row = readonly [what: string, bytes: () => Uint8Array, message: string];

describe('malformed safetensors', () => {
  const rows: readonly Row[] = [
    ['too short', () => new Uint8Array(5), 'too short for a safetensors file; copy it again'],
    [
      'a header longer than the file',
      () => safetensors({ w: F32 }).subarray(0, 40),
      'its header would have 55 bytes, the file has 40; it is no safetensors file, or was cut off: copy it again',
    ],
    [
      'a header that is no JSON',
      () => Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7b, 0x7b),
      'its header is no JSON; it is no safetensors file, or a damaged one: copy it again',
    ],
    [
      'a header that is a list',
      () => Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0x5b, 0x5d),
      'its header is no JSON object; it is no safetensors file, or a damaged one: copy it again',
    ],
    [
      'values beyond the end',
      () => safetensors({ w: F32 }).subarray(0, 70),
      "tensor 'w' lies at 0 to 16 of 7 bytes; the file is damaged, or was cut off: copy it again",
    ],
    [
      'overlapping values',
      () => safetensors({ a: F32, b: { ...F32, data_offsets: [12, 28] } }),
      "tensors 'a' and 'b' overlap; the file is damaged",
    ],
    [
      'a size that is not that of its shape',
      () => safetensors({ w: { ...F32, shape: [1000, 1000] } }),
      "tensor 'w' declares [1000, 1000] of F32, 4000000 bytes, but has 16; the file is damaged",
    ],
    [
      'a negative size',
      () => safetensors({ w: { ...F32, shape: [-4] } }),
      "tensor 'w' has the shape [-4]; sizes of zero or more were expected",
    ],
    [
      'no offsets',
      () => safetensors({ w: { dtype: 'F32', shape: [4] } }),
      "tensor 'w' has no type, shape and two offsets in the header; the file is damaged",
    ],
    [
      'whole numbers alone',
      () => safetensors({ w: { ...F32, dtype: 'I32' } }),
      'it has no weights that are real numbers; save the model again',
    ],
  ];
  it.each(rows)('%s', async (_, bytes, message) => {
    expect(await failure(write('model.safetensors', bytes()))).toBe(message);
  });

  it('an index that names files outside its folder, or none', async () => {
    const index = (value: object) => write('model.safetensors.index.json', JSON.stringify(value));
    expect(await failure(index({ weight_map: { w: '../other.safetensors' } }))).toBe(
      "it names '../other.safetensors', outside its own folder, which is not read; put the file beside the model",
    );
    expect(await failure(index({}))).toBe("no files in its 'weight_map'; open the .safetensors files by themselves");
  });

  it('two files with the same tensor', async () => {
    const bytes = safetensors({ w: F32 });
    const index = JSON.stringify({ weight_map: { w: 'a.safetensors', v: 'b.safetensors' } });
    const path = write('m.safetensors.index.json', index, { 'a.safetensors': bytes, 'b.safetensors': bytes });
    expect(await failure(path)).toBe("the tensor 'w' stands in two of its files; save the model again");
  });
});

const HOSTILE =
  "which is not run here, and weights have no need of it; don't load it in Python unless you trust it, and save the " +
  'weights alone: torch.save(model.state_dict(), FILE)';
const AGAIN = 'the file is damaged: copy or save it again';

describe('malformed PyTorch files', () => {
  const rows: readonly Row[] = [
    [
      'neither zip nor pickle',
      () => new TextEncoder().encode('weights'),
      'neither a zip archive nor a pickle, which PyTorch writes; copy or save it again with torch.save',
    ],
    [
      'a zip that was cut off',
      () => plain().subarray(0, 400),
      'the zip archive has no end, it was cut off; copy it again',
    ],
    [
      'a zip of something else',
      () => archive({ 'readme.txt': 'hello' }),
      "no 'data.pkl' in the archive: no file of torch.save; save the model again",
    ],
    [
      'os.system',
      () => withPickle(global('os', 'system'), '(', text('echo hacked'), 'tR'),
      `its pickle calls 'os.system', ${HOSTILE}`,
    ],
    [
      'eval',
      () => withPickle('}', text('w'), global('builtins', 'eval'), text('1'), 0x85, 'Rs'),
      `its pickle calls 'builtins.eval', ${HOSTILE}`,
    ],
    ['what is no function', () => withPickle(int(3), ')R'), `its pickle calls 'something without a name', ${HOSTILE}`],
    [
      'an opcode that runs code of its own',
      () => withPickle('(', text('echo'), 'ios\nsystem\n'),
      `its 'data.pkl' has the opcode 0x69 at 12, which a file of weights never has; ${AGAIN}`,
    ],
    ['a pickle that was cut off', () => withPickle('}', 'X', 200, 1, 0, 0), `its 'data.pkl' ends early; ${AGAIN}`],
    ['an empty stack', () => withPickle('s'), `its 'data.pkl' takes more than it has at 3; ${AGAIN}`],
    ['no mark', () => withPickle(']', 'e'), `its 'data.pkl' has no mark at 4; ${AGAIN}`],
    [
      'an object that was never made',
      () => withPickle('h', 7),
      `its 'data.pkl' refers to an object 7 that it has not made; ${AGAIN}`,
    ],
    [
      'a class with an endless name',
      () => withPickle(global('a'.repeat(600), 'B')),
      `its pickle names a class that can be none; ${AGAIN}`,
    ],
    [
      'a storage that is none',
      () => withPickle(int(1), 'Q'),
      'its pickle refers to something that is no storage of PyTorch; save the model again',
    ],
    [
      'a tensor without a storage',
      () => withPickle(global('torch._utils', '_rebuild_tensor_v2'), '(', int(1), int(0), '))tR'),
      'a tensor in its pickle has no storage, offset, shape and strides; save the model again',
    ],
    [
      'fewer strides than sizes',
      () => stateDict({ ...view, strides: [1] }),
      'a tensor in its pickle has 2 sizes and 1 strides; save the model again',
    ],
    [
      'a tensor that reaches beyond its storage',
      () => stateDict({ ...view, offset: 1 }),
      `tensor 'conv.weight' reaches to value 5 of a storage of 4; ${AGAIN}`,
    ],
    [
      'a tensor that is larger than its file by strides of zero',
      () => stateDict({ ...view, shape: [40_000, 40_000], strides: [0, 0] }),
      "tensor 'conv.weight' declares [40000, 40000], more than the file can hold; it is damaged",
    ],
    [
      'values that are missing',
      () => archive({ 'data.pkl': pickle('}', text('w'), ...tensor({ ...view, key: '7' }), 's') }),
      "no 'net/data/7' in the archive; copy or save it again",
    ],
    [
      'big-endian values',
      () => archive({ 'data.pkl': pickle('}'), byteorder: 'big' }),
      'its numbers are big-endian, which is not read; save it again on a usual machine',
    ],
    [
      'no weights',
      () => withPickle('}', text('epoch'), int(3), 's'),
      'no weights were found in it; save them with torch.save(model.state_dict(), FILE)',
    ],
    [
      'a pickle of something else',
      () => Uint8Array.of(0x80, 2, 0x8a, 0x0a, ...new Uint8Array(10), 0x2e, 0x80, 2, 0x4e, 0x2e),
      'a pickle, but not one of PyTorch; save the weights with torch.save(model.state_dict(), FILE)',
    ],
    [
      'an older file that was cut off',
      () => new Uint8Array(readFileSync(fixture('tiny-legacy.pt'))).subarray(0, -10),
      'its values end at 2562, the file at 2552; it was cut off: copy it again',
    ],
    [
      'a program that is no JSON',
      () => archive({ 'models/model.json': '{' }),
      "its 'net/models/model.json' is no JSON; export the model again",
    ],
    [
      'a program without a graph',
      () => archive({ 'models/model.json': '{"graph_module": {}}' }),
      "its 'net/models/model.json' is not what torch.export writes, at graph_module.graph; export the model again",
    ],
    [
      'TorchScript without a network',
      () => archive({ 'data.pkl': pickle('}'), 'constants.pkl': pickle(')') }),
      "no network in its 'data.pkl'; save it again with torch.jit.save",
    ],
  ];
  it.each(rows)('%s', async (_, bytes, message) => {
    expect(await failure(write('model.pt', bytes()))).toBe(message);
  });

  it('lists in lists, doubled a hundred times, cost nothing', async () => {
    const doubling = Array.from({ length: 100 }, (_, i) => [']', 'q', i + 1, 'h', i, 'a', 'h', i, 'a']).flat();
    const path = write('model.pt', withPickle(']', 'q', 0, ...doubling));
    const started = performance.now();
    expect(await failure(path)).toContain('no weights were found');
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('dictionaries in dictionaries, ten thousand deep, cost nothing', async () => {
    const depth = 10_000;
    const open = new Array<Uint8Array | string>(depth).fill('}').flatMap((one) => [one, text('model')]);
    const path = write('model.pt', withPickle(...open, '}', 's'.repeat(depth)));
    expect(await failure(path)).toContain('no weights were found');
  });

  it('code that calls itself without an end, or twice as often each time, is given up', async () => {
    const script = (body: string) =>
      archive({
        'data.pkl': pickle(global('__torch__', 'Net'), ')', 0x81, '}', text('w'), ...tensor(view), 'sb'),
        'constants.pkl': pickle(')'),
        'code/__torch__.py': `class Net(Module):\n  def forward(self, x: Tensor) -> Tensor:\n    return self.f0(x)\n${body}`,
        'data/0': new Uint8Array(16),
      });
    const method = (name: string, next: string) => `  def ${name}(self, x: Tensor) -> Tensor:\n    return ${next}\n`;
    const twice = Array.from({ length: 40 }, (_, i) => method(`f${i}`, `self.f${i + 1}(self.f${i + 1}(x))`)).join('');
    for (const [body, why] of [
      [method('f0', 'self.f0(x)'), 'functions in each other without an end'],
      [twice + method('f40', 'x'), 'code that does not end'],
      [method('f0', `${'('.repeat(5000)}x${')'.repeat(5000)}`), 'functions in each other without an end'],
    ] as const) {
      const { warnings } = await openModel(write('model.pt', script(body)));
      expect(warnings[0]).toContain(`Its TorchScript can't be followed (${why}); its filters can be shown.`);
    }
  }, 20_000);

  it('leaves files of other programs that are called the same to them', async () => {
    const message = await failure(write('model.bin', 'nothing of PyTorch'));
    expect(message).toContain('no model format that is known');
  });
});
