import type { Feeds } from '../engines/engine.ts';
import type { Tensor } from '../graph/tensor.ts';
import type { Layer, ModelInput } from '../model.ts';
import type { HeatmapResult, Picture, Result } from '../results.ts';
import type { Session } from '../session.ts';
import type { Gate } from '../gate.ts';
import type { Parameters, ValuesOf } from './parameters.ts';

/** What a method works on. `layer?` means: it can, and a layer is not required. */
export type Need = 'layer' | 'layer?' | 'unit?' | 'image' | 'image?' | 'style' | 'style?' | 'class';

/** One unit of a layer: a channel, or one position of it. */
export interface Unit {
  readonly channel: number;
  readonly position?: { readonly y: number; readonly x: number };
}

/** The network's input, ready to run. */
export interface InputImage {
  readonly name: string;
  /** Which of the model's inputs it is for. */
  readonly input: ModelInput;
  /** In the graph's layout: N×C×H×W, or N×features; N is 1 but for arrays of several images. */
  readonly tensor: Tensor<'float32'>;
  /** All inputs of the model by name: this one, and what the user gave for the others. */
  readonly feeds: Feeds;
  /** The first image as a person sees it, at the input's size; missing where the input is no picture. */
  readonly picture?: Picture;
  /** Reads the photo as it is, where the input was made from one. */
  readonly photo?: () => Promise<Picture>;
}

export interface Context<P extends Parameters = Parameters> {
  readonly session: Session;
  /** Present when the method needs it (`needs`). */
  readonly layer: Layer;
  /** The units asked for; undefined: the method's own choice (usually all). */
  readonly units: readonly Unit[] | undefined;
  readonly image: InputImage;
  /** A second image, whose style is meant. */
  readonly style: InputImage;
  /** Class number; of the first image, where there are several. */
  readonly target: number;
  /** Class number by image of the batch. */
  readonly targets: readonly number[];
  /** The class that the explained one is set against: the difference of their scores is explained. */
  readonly against?: number | undefined;
  /** The model's output that classifies. */
  readonly output: string;
  readonly params: ValuesOf<P>;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Maps of the same question that are there already, by what asks for them (`attributionMethod`). */
  readonly known?: ReadonlyMap<string, HeatmapResult> | undefined;
  /** For a map alone: what is said of it is read by nobody. */
  readonly unread?: boolean;
  /** What computes between the updates that it yields waits here after each step; none: never paused. */
  readonly gate?: Gate | undefined;
}

/** A step of a run: how far it is and, where there is one, the picture so far. The last one has the result. */
export interface Update {
  readonly done: number;
  readonly total: number;
  readonly result?: Result;
}

/** Values of a method's parameters under a name that people know them by. */
export interface Preset<P extends Parameters = Parameters> {
  readonly name: string;
  /** What forms begin with in place of the defaults, where those are as a paper has them and something else looks better. */
  readonly first?: boolean;
  readonly params: Partial<ValuesOf<P>>;
}

/** So many pictures, or as many as a parameter says, while parameters have these values. */
export interface PictureCount<P extends Parameters = Parameters> {
  readonly count: number | (keyof P & string);
  readonly when?: Partial<ValuesOf<P>>;
}

/** A method: this declaration is all that the rest of the program knows of it. */
export interface Visualizer<P extends Parameters = Parameters> {
  /** As on the command line. */
  readonly id: string;
  readonly title: string;
  /** One sentence for a person who has never heard of it. */
  readonly description: string;
  /** The paper and its section. */
  readonly source: string;
  /** The question that it answers: methods of one question are chosen from in one place. Default as `questionOf` says. */
  readonly question?: string;
  readonly needs: readonly Need[];
  /**
   * What the values of a map are, where other methods have the same: their maps can be compared by value. Slopes are what is explained
   * per unit of the input; shares are parts of it, which add up to it as far as the method says.
   */
  readonly measures?: 'slope' | 'share';
  /** Of a method that explains classes: a layer without a unit says where it looks, not what it explains. */
  readonly layerAlone?: boolean;
  /** Of a method that works on classes: a layer without a unit is worked on as a whole, and no class is. */
  readonly wholeLayer?: boolean;
  /** It shows weights or values as they are: also such as are no numbers. */
  readonly showsValues?: boolean;
  readonly params: P;
  /** Values of parameters that go well together; what one does not name has its default. */
  readonly presets?: readonly Preset<P>[];
  /** Of a recipe: how many pictures a unit gets, where that is not one; the first that holds. */
  readonly perUnit?: readonly PictureCount<P>[];
  run(context: Context<P>): AsyncGenerator<Update, void, void>;
}

/** What explains the class of an image asks which pixels; any other method asks what its title says, unless it declares a question. */
export const questionOf = ({ question, title, needs }: Visualizer): string =>
  question ?? (needs.includes('class') && needs.includes('image') ? 'Which pixels' : title);

/** Keeps the parameters' types for `run`, and gives the rest of the program one type for all methods. */
export const visualizer = <P extends Parameters>(declaration: Visualizer<P>): Visualizer =>
  declaration as unknown as Visualizer;
