/** Networks of the classic papers as `.prototxt`, written anew; with `thin`, a share of their channels. */

const quote = (value: string | number | boolean) =>
  typeof value === 'string' && !/^[A-Z_]+$/.test(value) ? `"${value}"` : value;

type Settings = Readonly<Record<string, string | number | boolean | readonly number[]>>;

const fields = (settings: Settings) =>
  Object.entries(settings)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value as string]).map((one) => `${name}: ${quote(one as string)}`),
    )
    .join(' ');

/** One layer; `param` is `name: settings` of its parameters. */
export function layer(
  type: string,
  name: string,
  bottoms: string | readonly string[],
  param = '',
  settings: Settings = {},
  top: string | readonly string[] = name,
): string {
  const from = [bottoms].flat().map((bottom) => `bottom: "${bottom}"`);
  const to = [top].flat().map((one) => `top: "${one}"`);
  const own = param ? `${param} { ${fields(settings)} }` : '';
  return `layer { name: "${name}" type: "${type}" ${[...from, ...to].join(' ')} ${own} }\n`;
}

export const input = (...sizes: readonly number[]): string =>
  `name: "net"\nlayer { name: "data" type: "Input" top: "data" input_param { shape { ${sizes.map((size) => `dim: ${size}`).join(' ')} } } }\n`;

export const conv = (name: string, from: string, settings: Settings) =>
  layer('Convolution', name, from, 'convolution_param', settings);
/** In place. */
export const relu = (of: string) => layer('ReLU', `relu_${of}`, of, '', {}, of);
export const pool = (name: string, from: string, settings: Settings) =>
  layer('Pooling', name, from, 'pooling_param', settings);
export const lrn = (name: string, from: string, settings: Settings = {}) =>
  layer('LRN', name, from, 'lrn_param', { local_size: 5, alpha: 0.0001, beta: 0.75, ...settings });
export const fc = (name: string, from: string, outputs: number) =>
  layer('InnerProduct', name, from, 'inner_product_param', { num_output: outputs });
const dropout = (of: string) => layer('Dropout', `drop_${of}`, of, 'dropout_param', { dropout_ratio: 0.5 }, of);
const convRelu = (name: string, from: string, settings: Settings) => conv(name, from, settings) + relu(name);
const head = (from: string, hidden: number, classes: number) =>
  fc('fc6', from, hidden) +
  relu('fc6') +
  dropout('fc6') +
  fc('fc7', 'fc6', hidden) +
  relu('fc7') +
  dropout('fc7') +
  fc('fc8', 'fc7', classes) +
  layer('Softmax', 'prob', 'fc8');

const MAX3 = { pool: 'MAX', kernel_size: 3, stride: 2 };

/** Krizhevsky et al. 2012; `caffeNet` pools before it normalises, as Caffe's own copy does. */
export function alexNet(caffeNet: boolean, thin = 1): string {
  const c = (channels: number) => Math.max(2, 2 * Math.round((channels * thin) / 2));
  const joined = (i: number) =>
    caffeNet
      ? pool(`pool${i}`, `conv${i}`, MAX3) + lrn(`norm${i}`, `pool${i}`)
      : lrn(`norm${i}`, `conv${i}`) + pool(`pool${i}`, `norm${i}`, MAX3);
  const end = caffeNet ? 'norm' : 'pool';
  return (
    input(10, 3, 227, 227) +
    convRelu('conv1', 'data', { num_output: c(96), kernel_size: 11, stride: 4 }) +
    joined(1) +
    convRelu('conv2', `${end}1`, { num_output: c(256), pad: 2, kernel_size: 5, group: 2 }) +
    joined(2) +
    convRelu('conv3', `${end}2`, { num_output: c(384), pad: 1, kernel_size: 3 }) +
    convRelu('conv4', 'conv3', { num_output: c(384), pad: 1, kernel_size: 3, group: 2 }) +
    convRelu('conv5', 'conv4', { num_output: c(256), pad: 1, kernel_size: 3, group: 2 }) +
    pool('pool5', 'conv5', MAX3) +
    head('pool5', c(4096), 1000)
  );
}

/** Zeiler & Fergus 2013, figure 3. */
export const zfNet = (thin = 1): string => {
  const c = (channels: number) => Math.max(1, Math.round(channels * thin));
  return (
    input(1, 3, 224, 224) +
    convRelu('conv1', 'data', { num_output: c(96), kernel_size: 7, stride: 2, pad: 1 }) +
    pool('pool1', 'conv1', { ...MAX3, pad: 1 }) +
    lrn('norm1', 'pool1', { local_size: 3, alpha: 0.00005, norm_region: 'WITHIN_CHANNEL' }) +
    convRelu('conv2', 'norm1', { num_output: c(256), kernel_size: 5, stride: 2 }) +
    pool('pool2', 'conv2', { ...MAX3, pad: 1 }) +
    lrn('norm2', 'pool2') +
    convRelu('conv3', 'norm2', { num_output: c(384), pad: 1, kernel_size: 3 }) +
    convRelu('conv4', 'conv3', { num_output: c(384), pad: 1, kernel_size: 3 }) +
    convRelu('conv5', 'conv4', { num_output: c(256), pad: 1, kernel_size: 3 }) +
    pool('pool5', 'conv5', MAX3) +
    head('pool5', c(4096), 1000)
  );
};

/** Simonyan & Zisserman 2014, D. */
export function vgg16(thin = 1, size = 224): string {
  let net = input(1, 3, size, size);
  let from = 'data';
  [
    [64, 2],
    [128, 2],
    [256, 3],
    [512, 3],
    [512, 3],
  ].forEach(([channels, count], block) => {
    for (let i = 1; i <= count!; i++) {
      const name = `conv${block + 1}_${i}`;
      net += convRelu(name, from, { num_output: Math.max(1, Math.round(channels! * thin)), pad: 1, kernel_size: 3 });
      from = name;
    }
    net += pool(`pool${block + 1}`, from, { pool: 'MAX', kernel_size: 2, stride: 2 });
    from = `pool${block + 1}`;
  });
  return net + head(from, Math.round(4096 * thin), 1000);
}

/** Szegedy et al. 2014, table 1. */
export function googLeNet(thin = 1): string {
  const c = (channels: number) => Math.max(1, Math.round(channels * thin));
  const inception = (name: string, from: string, [one, reduce3, three, reduce5, five, proj]: readonly number[]) => {
    const n = (part: string) => `inception_${name}/${part}`;
    return (
      convRelu(n('1x1'), from, { num_output: c(one!), kernel_size: 1 }) +
      convRelu(n('3x3_reduce'), from, { num_output: c(reduce3!), kernel_size: 1 }) +
      convRelu(n('3x3'), n('3x3_reduce'), { num_output: c(three!), pad: 1, kernel_size: 3 }) +
      convRelu(n('5x5_reduce'), from, { num_output: c(reduce5!), kernel_size: 1 }) +
      convRelu(n('5x5'), n('5x5_reduce'), { num_output: c(five!), pad: 2, kernel_size: 5 }) +
      pool(n('pool'), from, { pool: 'MAX', kernel_size: 3, stride: 1, pad: 1 }) +
      convRelu(n('pool_proj'), n('pool'), { num_output: c(proj!), kernel_size: 1 }) +
      layer('Concat', n('output'), [n('1x1'), n('3x3'), n('5x5'), n('pool_proj')])
    );
  };
  const out = (name: string) => `inception_${name}/output`;
  return (
    input(1, 3, 224, 224) +
    convRelu('conv1/7x7_s2', 'data', { num_output: c(64), pad: 3, kernel_size: 7, stride: 2 }) +
    pool('pool1/3x3_s2', 'conv1/7x7_s2', MAX3) +
    lrn('pool1/norm1', 'pool1/3x3_s2') +
    convRelu('conv2/3x3_reduce', 'pool1/norm1', { num_output: c(64), kernel_size: 1 }) +
    convRelu('conv2/3x3', 'conv2/3x3_reduce', { num_output: c(192), pad: 1, kernel_size: 3 }) +
    lrn('conv2/norm2', 'conv2/3x3') +
    pool('pool2/3x3_s2', 'conv2/norm2', MAX3) +
    inception('3a', 'pool2/3x3_s2', [64, 96, 128, 16, 32, 32]) +
    inception('3b', out('3a'), [128, 128, 192, 32, 96, 64]) +
    pool('pool3/3x3_s2', out('3b'), MAX3) +
    inception('4a', 'pool3/3x3_s2', [192, 96, 208, 16, 48, 64]) +
    inception('4b', out('4a'), [160, 112, 224, 24, 64, 64]) +
    inception('4c', out('4b'), [128, 128, 256, 24, 64, 64]) +
    inception('4d', out('4c'), [112, 144, 288, 32, 64, 64]) +
    inception('4e', out('4d'), [256, 160, 320, 32, 128, 128]) +
    pool('pool4/3x3_s2', out('4e'), MAX3) +
    inception('5a', 'pool4/3x3_s2', [256, 160, 320, 32, 128, 128]) +
    inception('5b', out('5a'), [384, 192, 384, 48, 128, 128]) +
    pool('pool5/7x7_s1', out('5b'), { pool: 'AVE', kernel_size: 7, stride: 1 }) +
    dropout('pool5/7x7_s1') +
    fc('loss3/classifier', 'pool5/7x7_s1', 1000) +
    layer('Softmax', 'prob', 'loss3/classifier')
  );
}

/** He et al. 2015, with 18 layers of plain blocks; each convolution followed by BatchNorm and Scale in place. */
export function resNet18(thin = 1): string {
  const c = (channels: number) => Math.max(1, Math.round(channels * thin));
  const unit = (name: string, from: string, settings: Settings) =>
    conv(`res${name}`, from, { ...settings, bias_term: false }) +
    layer('BatchNorm', `bn${name}`, `res${name}`, 'batch_norm_param', { use_global_stats: true }, `res${name}`) +
    layer('Scale', `scale${name}`, `res${name}`, 'scale_param', { bias_term: true }, `res${name}`);
  let net = input(1, 3, 224, 224) + unit('1', 'data', { num_output: c(64), kernel_size: 7, pad: 3, stride: 2 });
  net += relu('res1') + pool('pool1', 'res1', MAX3);
  let from = 'pool1';
  [64, 128, 256, 512].forEach((channels, stage) => {
    for (const block of ['a', 'b']) {
      const name = `${stage + 2}${block}`;
      const stride = stage > 0 && block === 'a' ? 2 : 1;
      let short = from;
      if (block === 'a') {
        net += unit(`${name}_branch1`, from, { num_output: c(channels), kernel_size: 1, stride });
        short = `res${name}_branch1`;
      }
      net += unit(`${name}_branch2a`, from, { num_output: c(channels), kernel_size: 3, pad: 1, stride });
      net += relu(`res${name}_branch2a`);
      net += unit(`${name}_branch2b`, `res${name}_branch2a`, { num_output: c(channels), kernel_size: 3, pad: 1 });
      net += layer('Eltwise', `res${name}`, [short, `res${name}_branch2b`]) + relu(`res${name}`);
      from = `res${name}`;
    }
  });
  net += pool('pool5', from, { pool: 'AVE', kernel_size: 7, stride: 1 });
  return net + fc('fc1000', 'pool5', 1000) + layer('Softmax', 'prob', 'fc1000');
}
