import { classScores, labelOf, predicted, topClasses } from '../classes.ts';
import { usageError } from '../errors.ts';
import { float32 } from '../graph/tensor.ts';
import { integer } from './parameters.ts';
import { visualizer } from './visualizer.ts';

/**
 * The network's decision: its top classes with probability and score S_c (before a final softmax).
 * Arrays: `scores` and `probabilities`, N×classes.
 */
export const predictions = visualizer({
  id: 'predictions',
  title: 'Predictions',
  description: 'What the network takes the image for, and how sure it is.',
  source: "The network's own output; the softmax of its scores where it has none",
  needs: ['image'],
  params: {
    count: integer({
      default: 5,
      min: 1,
      max: 1000,
      label: 'Classes listed',
      help: 'How many classes are listed, the most probable first.',
    }),
  },
  async *run({ session, image, params, signal, output }) {
    const answers = await classScores(session, image.feeds, output, signal);
    const [first] = answers;
    if (!first) throw usageError('The input holds no image.');
    const { labels } = session.description;
    const top = topClasses(first, labels, params.count);
    const matrix = (rows: readonly (readonly number[])[]) => float32(rows.flat(), [rows.length, rows[0]!.length]);
    const classes = predicted(answers);
    yield {
      done: 1,
      total: 1,
      result: {
        kind: 'table',
        title: `Predictions for ${image.name}`,
        columns: [{ name: 'class' }, { name: 'label' }, { name: 'probability' }, { name: 'score' }],
        rows: top.map(({ index, label, probability, score }) => [index, label, probability, score]),
        arrays: {
          scores: matrix(answers.map(({ scores }) => scores)),
          probabilities: matrix(answers.map(({ probabilities }) => probabilities)),
        },
        metrics: {
          class: classes,
          probability: classes.map((index, n) => answers[n]!.probabilities[index]!),
          score: classes.map((index, n) => answers[n]!.scores[index]!),
        },
        notes:
          answers.length > 1
            ? [
                `The table is of the first of ${answers.length} images; it is taken for ` +
                  `'${labelOf(labels, classes[0]!)}'.`,
              ]
            : [],
      },
    };
  },
});
