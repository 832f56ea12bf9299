/** Where a map lies over the picture, in parts of the picture's width and height; it may reach beyond it. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const WHOLE: Frame = { left: 0, top: 0, width: 1, height: 1 };

/**
 * Each value of a map stands for `stride` pixels of the picture, and the map lies in its middle: without padding a border of the
 * picture has no value of its own. Sizes are height and width, in pixels and values; a stride that is not known fills the picture.
 */
export function frameOf(
  picture: { readonly width: number; readonly height: number },
  map: { readonly width: number; readonly height: number },
  stride: readonly [number, number] | undefined,
): Frame {
  if (!stride || stride[0] <= 0 || stride[1] <= 0) return WHOLE;
  const width = (map.width * stride[1]) / picture.width;
  const height = (map.height * stride[0]) / picture.height;
  return { left: (1 - width) / 2, top: (1 - height) / 2, width, height };
}
