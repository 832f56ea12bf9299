import { likeness, type Objective } from '../optimization/objectives.ts';
import { lucid } from '../stimuli/lucid.ts';
import { CLASS_OR_UNITS, classOrUnits } from '../stimuli/asked.ts';
import { stimuli } from '../stimuli/climb-all.ts';
import { stimulusParameters, stimulusPresets } from '../stimuli/parameters.ts';
import { integer, real } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/**
 * Several pictures of one unit that are kept apart: Σ a(x_i) · (1 − weight · Σ_{j≠i} ⟨Ĝ_i, Ĝ_j⟩ / n), Ĝ the layer's Gram matrices divided
 * by their norms (Lucid subtracts the likeness; as a factor it means the same for any unit); made as activation maximisation makes them. Arrays, metrics: as there, picture by picture; `objective` is less the likeness.
 */
export const diversity = visualizer({
  id: 'diversity',
  title: 'Diversity',
  description:
    'Several pictures that a unit answers to, kept unlike each other: the different things that it looks for.',
  source: 'Olah, Mordvintsev & Schubert 2017, Feature Visualization, “Diversity”',
  question: 'Preferred stimuli',
  needs: CLASS_OR_UNITS,
  wholeLayer: true,
  params: {
    ...stimulusParameters,
    pictures: integer({ default: 4, min: 2, max: 16, label: 'Pictures of a unit', help: 'Pictures of each unit.' }),
    weight: real({
      default: 1,
      min: 0,
      max: 1e3,
      label: 'How unlike',
      help: 'How much their likeness counts: 1 takes all from pictures that are alike.',
    }),
  },
  presets: stimulusPresets,
  perUnit: [{ count: 'pictures' }],
  run(context) {
    const { params } = context;
    return stimuli(classOrUnits(context, 'diversity'), {
      ...lucid(params),
      starts: params.pictures,
      label: (start) => String(start + 1),
      together: (alone, tensor) => apart(alone, likeness(tensor, params.pictures), params.weight),
    });
  },
});

/** alone · (1 − weight · alike) */
const apart = (alone: Objective, alike: Objective, weight: number): Objective => ({
  key: `${alone.key}*(1-${weight}*${alike.key})`,
  tensors: [...alone.tensors, ...alike.tensors],
  write(builder, shapes) {
    const taken = builder.add('Mul', [alike.write(builder, shapes), builder.scalar(weight)]);
    return builder.add('Mul', [alone.write(builder, shapes), builder.add('Sub', [builder.scalar(1), taken])]);
  },
});
