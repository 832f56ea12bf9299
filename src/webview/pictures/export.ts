/** The canvas as a PNG file. */
export async function toPng(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large to be saved.'))),
      'image/png',
    ),
  );
}

/** A canvas of this size with something drawn on it, pixels as they are. */
export function drawn(
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D) => void,
): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d')!;
  context.imageSmoothingEnabled = false;
  draw(context);
  return canvas;
}

/** All tiles on one sheet, as square as it gets, each `scale` times its own size, 2 pixels apart. */
export function contactSheet(
  count: number,
  width: number,
  height: number,
  scale: number,
  paint: (canvas: HTMLCanvasElement, index: number) => void,
): HTMLCanvasElement {
  const GAP = 2;
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const [w, h] = [width * scale, height * scale];
  const tile = document.createElement('canvas');
  return drawn(columns * (w + GAP) - GAP, rows * (h + GAP) - GAP, (context) => {
    for (let index = 0; index < count; index++) {
      paint(tile, index);
      context.drawImage(tile, (index % columns) * (w + GAP), Math.floor(index / columns) * (h + GAP), w, h);
    }
  });
}
