import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { encodeNpy } from '../../../src/core/arrays/npy.ts';
import { float32 } from '../../../src/core/graph/tensor.ts';
import { html } from '../../../src/core/report/markup.ts';
import { makeReport, type Report, type ReportRequest } from '../../../src/core/report/index.ts';
import { occlusion } from '../../../src/core/visualizers/occlusion.ts';
import { ramp, tinyNetwork } from '../visualizers/tiny-network.ts';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
const image = { path: join(folder, "a <b> 'image'.npy") };
const never = new AbortController().signal;

beforeAll(() => writeFileSync(image.path, encodeNpy(float32(ramp(90, 3), [1, 3, 6, 5]))));

async function report(request: Partial<ReportRequest>, signal = never): Promise<Report> {
  const steps = makeReport(await tinyNetwork(), { model: '/tiny.onnx', image, ...request }, signal);
  let before = 0;
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
    expect(step.value.done).toBeGreaterThanOrEqual(before);
    expect(step.value.done).toBeLessThan(step.value.total);
    before = step.value.done;
  }
}

describe('html', () => {
  it('escapes what is put in, but not what is a template itself', () => {
    const inner = html`<b>${'<&"'}</b>`;
    expect(html`<p>${inner}${['x', undefined, false, 3]}</p>`.text).toBe('<p><b>&#60;&#38;&#34;</b>x3</p>');
  });
});

describe('a report', () => {
  const methods = ['saliency', 'gradient-x-input'];

  it('computes no map twice', async () => {
    const run = vi.spyOn(occlusion, 'run');
    await report({ methods: ['occlusion'], metrics: 'deletion' });
    expect(run).toHaveBeenCalledTimes(1);
    // Changed images and networks have maps of their own.
    await report({ methods: ['occlusion'], metrics: 'sensitivity-max' });
    expect(run).toHaveBeenCalledTimes(1 + 1 + 2);
    run.mockRestore();
  });

  it('says what is under way', async () => {
    const steps = makeReport(await tinyNetwork(), { model: '/tiny.onnx', image, methods }, never);
    const doing = new Set<string | undefined>();
    for (let step = await steps.next(); !step.done; step = await steps.next()) doing.add(step.value.doing);
    expect([...doing]).toEqual([
      'Predictions',
      'Saliency',
      'Gradient × input',
      'Localisation',
      'Trust of Saliency',
      'Trust of Gradient × input',
    ]);
  });

  it('is one file that needs no other, and no script', async () => {
    const { html: page } = await report({ methods });
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).not.toMatch(/<script|<link|javascript:| on\w+=/i);
    const addresses = [...page.matchAll(/(?:src|href|srcset)="([^"]*)"/g)].map(([, address]) => address!);
    expect(addresses.length).toBeGreaterThan(3);
    for (const address of addresses) expect(address).toMatch(/^data:image\/png;base64,/);
    expect(page).toContain('default-src &#39;none&#39;');
  });

  it('has the decision, every map, the numbers of each, and the command that makes it again', async () => {
    const { html: page, findings } = await report({ methods, target: 1 });
    expect(findings.maps.map(({ request }) => request.method)).toEqual(methods);
    expect(findings.trust.map(({ provenance }) => provenance.params['of'])).toEqual(methods);
    for (const text of [
      'Why class dog?',
      'Saliency',
      'Gradient',
      'Deletion',
      'Insertion',
      'Sensitivity',
      'Infidelity',
      'Pixels in random order',
    ])
      expect(page).toContain(text);
    expect(page).toContain('npx layerscope run saliency --model /tiny.onnx --target 1 --image');
    expect(page).toContain('0'.repeat(64));
    for (const label of ['cat', 'dog', 'tree']) expect(page).toContain(`<td>${label}</td>`);
  });

  it('shows names from files as text', async () => {
    const { html: page } = await report({ methods: ['saliency'], metrics: '' });
    expect(page).not.toContain('<b>');
    expect(page).toContain('a &#60;b&#62; &#39;image&#39;.npy');
  });

  it('leaves trust out where it is not wanted, and measures what is', async () => {
    expect((await report({ methods, metrics: '' })).findings.trust).toEqual([]);
    const { findings } = await report({ methods, metrics: 'deletion' });
    expect(findings.trust[0]!.result.metrics).not.toHaveProperty('insertion');
  });

  it('says why a method has no answer, and goes on', async () => {
    const { html: page, findings } = await report({ methods: ['cam', 'saliency'], metrics: '' });
    expect(findings.maps).toHaveLength(1);
    expect(findings.failed.map(({ method }) => method)).toContain('cam');
    expect(page).toContain('Not possible here');
  });

  it('gives the same bytes for the same request', async () => {
    expect((await report({ methods })).html).toBe((await report({ methods })).html);
  });

  it('refuses methods and metrics that there are not', async () => {
    await expect(report({ methods: ['salience'] })).rejects.toThrow("no method 'salience'. The nearest: 'saliency'");
    await expect(report({ methods, metrics: 'fame' })).rejects.toThrow("'fame' is not allowed for metrics");
    await expect(report({ methods, target: 'cow' })).rejects.toThrow("no class 'cow'");
  });

  it('shows what was finished when it is cancelled', async () => {
    const cancel = new AbortController();
    const steps = makeReport(await tinyNetwork(), { model: '/tiny.onnx', image, methods }, cancel.signal);
    for (;;) {
      const step = await steps.next();
      if (step.done) {
        expect(step.value.findings.maps.length).toBeGreaterThan(0);
        expect(step.value.html).toContain('Cancelled before its end');
        break;
      }
      if (step.value.done >= 3) cancel.abort();
    }
  });

  it('has nothing to show when it is cancelled at once', async () => {
    await expect(report({ methods }, AbortSignal.abort())).rejects.toThrow('Cancelled');
  });
});
