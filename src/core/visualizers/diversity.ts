import { likeness, type Objective } from '../optimization/objectives.ts';
import { lucid } from '../stimuli/lucid.ts';
import { CLASS_OR_UNITS, classOrUnits } from '../stimuli/asked.ts';
import { stimuli } from '../stimuli/climb-all.ts';
import { stimulusParameters, stimulusPresets } from '../stimuli/parameters.ts';
import { integer, real } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/**
 * Several pictures of one unit that are kept apart: each climbs a(x_i) − weight · |a(x_i)| · Σ_{j≠i} ⟨Ĝ_i, Ĝ_j⟩ / n, Ĝ the layer's Gram matrices
 * divided by their norms, |a| held as it is (Lucid subtracts the likeness itself; in the size of the answer it means the same for any unit);
 * made as activation maximisation makes them. Arrays, metrics: as there, picture by picture; `objective` is less the likeness.
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
      help: 'How much their likeness counts beside the unit’s own answer.',
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

/** alone − weight · |alone| · alike. The magnitude is held: only the likeness is to be made small by it. */
const apart = (alone: Objective, alike: Objective, weight: number): Objective => ({
  key: `apart(${alone.key},${alike.key},${weight})`,
  tensors: [...alone.tensors, ...alike.tensors],
  write(builder, shapes) {
    const own = alone.write(builder, shapes);
    const size = builder.add('Abs', [own]);
    builder.held.add(size);
    const taken = builder.add('Mul', [
      builder.add('Mul', [size, builder.scalar(weight)]),
      alike.write(builder, shapes),
    ]);
    return builder.add('Sub', [own, taken]);
  },
});
