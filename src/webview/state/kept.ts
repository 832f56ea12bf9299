import type { DivergingMap, SequentialMap } from '../../core/images/colour-maps.ts';
import type { PanelState } from '../../protocol/panel.ts';
import type { TileOrder } from '../logic/tiles.ts';

export const HEATMAP_VIEWS = ['overlay', 'side by side', 'swipe', 'map', 'image'] as const;
export type HeatmapView = (typeof HEATMAP_VIEWS)[number];

/** How results are shown; none of it computes anything. */
export interface ViewSettings {
  order: TileOrder;
  /** Each tile to its own range, or all to one. */
  scale: 'each tile' | 'shared';
  map: SequentialMap;
  signedMap: DivergingMap;
  opacity: number;
  percentile: number;
  heatmap: HeatmapView;
  tiles: 'small' | 'medium' | 'large';
  /** Whether the form with a method's parameters is unfolded. */
  options: boolean;
  /** By question: the method chosen last. */
  chosen: Record<string, string>;
  /** Methods whose maps are compared; all where nothing is said. */
  compared?: readonly string[];
  /** Maps whose values have the same unit to one range, or each to its own. */
  comparedScale: 'equal units' | 'each map';
  comparedView: 'overlay' | 'map';
  /** Of the graph. */
  zoom: number;
}

export const FIRST_VIEW: ViewSettings = {
  order: 'strongest first',
  scale: 'each tile',
  map: 'viridis',
  signedMap: 'RdBu',
  opacity: 0.7,
  percentile: 99,
  heatmap: 'overlay',
  tiles: 'medium',
  options: false,
  chosen: {},
  comparedScale: 'equal units',
  comparedView: 'map',
  zoom: 1,
};

/** What `setState` keeps: the host's part, and how the user likes to see it. */
export interface KeptState extends PanelState {
  readonly view?: Partial<ViewSettings>;
  readonly folded?: readonly string[];
}
