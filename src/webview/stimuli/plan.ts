import type { LayerSummary, MethodSummary } from '../../protocol/worker.ts';
import { messageOf } from '../logic/message.ts';
import { positionText, pressText } from '../logic/recipes.ts';
import type { Panel } from '../state/panel.svelte.ts';

/** What a press of the button makes; or why it can’t, and what to do. */
export interface Plan {
  readonly text: string;
  readonly possible: boolean;
}

const not = (text: string): Plan => ({ text, possible: false });

/** Whether a layer’s units are the classes of the network. */
export const isClasses = ({ model }: Panel, { name, shape }: LayerSummary): boolean =>
  model?.classes === shape?.[0] && model?.layers.at(-1)?.name === name;

export function planOf(panel: Panel, method: MethodSummary, layer: LayerSummary): Plan {
  const { stimuli, image } = panel;
  const about = stimuli.about(method);
  if (about.image && !image.readable) return not('Choose an image to begin with.');
  if (about.second && !stimuli.style) return not('Choose the second image.');
  const again = stimuli.again(method, layer);
  if (again)
    return not(again.run.status === 'running' ? 'These pictures are being made.' : 'These pictures are there already.');
  if ('classes' in method.params) return { text: 'Pictures of classes of the network', possible: true };
  const from = about.image ? ` from ${image.readable!.name}` : '';
  const each = stimuli.perUnit(method);
  try {
    const count = stimuli.count(method, layer);
    if (!about.units) return { text: `${each === 1 ? 'A picture' : `${each} pictures`}${from}`, possible: true };
    if (count === 0) return not('All channels have their pictures.');
    const noun = isClasses(panel, layer) ? 'class' : (layer.shape?.length ?? 0) > 1 ? 'channel' : 'unit';
    const text = pressText(about.together ? each : count * each, count, noun);
    const at = positionText(stimuli.units[layer.name] ?? '', layer);
    return { text: `${text}${at}${from}${chosenBy(panel, method, layer, count)}`, possible: true };
  } catch (error) {
    return not(messageOf(error));
  }
}

/** Which units that are, where they are not named. */
function chosenBy({ stimuli, image }: Panel, method: MethodSummary, layer: LayerSummary, count: number): string {
  if (stimuli.units[layer.name]?.trim() || count === layer.shape?.[0]) return '';
  const begun = stimuli.begun(method, layer);
  if (!image.readable) return `, the ${begun ? 'next' : 'first'} by number`;
  return `, the ${begun ? 'next' : 'strongest'} for ${image.readable.name}`;
}
