interface Size {
  readonly width: number;
  readonly height: number;
}

const LEAST = 120;
const MOST = 720;
const within = (size: number): number => Math.max(LEAST, Math.min(size, MOST));

/** The larger side of a picture that fills the room, in pixels. */
export const wholeSize = (room: Size, { width, height }: Size): number => {
  const largest = Math.max(width, height);
  return within(Math.min((room.width * largest) / width, (room.height * largest) / height));
};

/** The larger side of each of two pictures in the room: beside each other, or one above the other, as they are larger. */
export const besideSize = ({ width, height }: Size, picture: Size, gap: number): number =>
  Math.max(
    wholeSize({ width: (width - gap) / 2, height }, picture),
    wholeSize({ width, height: (height - gap) / 2 }, picture),
  );
