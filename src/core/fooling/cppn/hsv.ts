/**
 * Hue, saturation and value, each 0..1 (hue goes round), to red, green and blue, in place. Three planes of `area` values one after the
 * other. Smith 1978, Color Gamut Transform Pairs.
 */
export function hsvToRgb(planes: Float32Array, area: number): void {
  for (let i = 0; i < area; i++) {
    const hue = planes[i]! * 6;
    const value = planes[2 * area + i]!;
    const chroma = value * planes[area + i]!;
    for (let c = 0; c < 3; c++) {
      // Red is full at hue 0, green at 2, blue at 4.
      const away = Math.abs(((hue - 2 * c + 9) % 6) - 3);
      planes[c * area + i] = value - chroma + chroma * Math.min(1, Math.max(0, 2 - away));
    }
  }
}
