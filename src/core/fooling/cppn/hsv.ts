/**
 * Hue, saturation and value, each 0..1 (hue goes round once), to red, green and blue, in place. Three planes of `area` values one after
 * the other. Smith 1978, Color Gamut Transform Pairs.
 */
export function hsvToRgb(planes: Float32Array, area: number): void {
  for (let i = 0; i < area; i++) {
    const hue = planes[i]! * 6;
    const value = planes[2 * area + i]!;
    const chroma = value * planes[area + i]!;
    const grey = value - chroma;
    // Red is full up to 1 from hue 0 (and 6), green from 2, blue from 4; none is left from 2 on.
    planes[i] = grey + chroma * unit(Math.abs(hue - 3) - 1);
    planes[area + i] = grey + chroma * unit(2 - Math.abs(hue - 2));
    planes[2 * area + i] = grey + chroma * unit(2 - Math.abs(hue - 4));
  }
}

const unit = (value: number) => (value < 0 ? 0 : value > 1 ? 1 : value);
