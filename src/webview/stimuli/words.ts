import { changedFrom, nearestPreset, presetValues } from '../logic/presets.ts';
import type { Parameter } from '../../core/visualizers/parameters.ts';
import { labelOf, valueText } from '../logic/fields.ts';
import { formatLeft } from '../logic/pace.ts';
import { formatCount } from '../logic/format.ts';
import type { Made } from '../state/stimuli.svelte.ts';

/** What a press was told, in words: `sharp · Steps 80 · seed 2 · three.png`. */
export function settingsOf({ method, request, images }: Made): string {
  const { params = {}, seed = 0 } = request;
  const values = { ...presetValues(method), ...params };
  const preset = nearestPreset(method, values);
  const changed = changedFrom(presetValues(method, preset), values);
  const parts = [
    ...(preset ? [preset.name] : []),
    ...changed.map((name) => said(name, values[name], method.params[name]!)),
    ...(seed > 0 ? [`seed ${seed}`] : []),
    ...images,
  ];
  return parts.join(' · ');
}

const said = (name: string, value: unknown, parameter: Parameter): string =>
  `${labelOf(name, parameter)} ${valueText(value, parameter)}`;

/** The units that it was about: `channels 3, 7`. */
export function unitsOf({ request: { unit } }: Made): string {
  if (unit === undefined) return '';
  return `${/^\d+$/.test(unit) ? 'channel' : 'channels'} ${unit.replaceAll(',', ', ')}`;
}

/** All of it in a line, the method first. */
export const nameOf = (made: Made): string =>
  [made.method.title, settingsOf(made), unitsOf(made)].filter(Boolean).join(' · ');

/** How far a press is: `120 of 512 steps · 12 s left`. */
export function stateOf({ run }: Made, waits: boolean): string {
  if (run.status === 'cancelled')
    return run.result ? 'Cancelled; what was there stays.' : 'Cancelled before anything was there.';
  if (run.status !== 'running') return '';
  if (run.total === 0) return run.paused ? 'Paused' : waits ? 'Waits for its turn' : 'Starting…';
  const steps = `${formatCount(run.done)} of ${formatCount(run.total)} steps`;
  if (run.paused) return `Paused · ${steps}`;
  return run.left === undefined ? steps : `${steps} · ${formatLeft(run.left)}`;
}
