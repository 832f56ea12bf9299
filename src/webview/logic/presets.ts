import type { Preprocessing } from '../../core/model.ts';
export const PRESETS: readonly { title: string; input: Preprocessing }[] = [
  { title: '0 to 1', input: { channels: 'RGB', scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1], resize: 'squash' } },
];
