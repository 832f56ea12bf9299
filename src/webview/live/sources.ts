import type { ImageSource } from '../../protocol/worker.ts';

export type Frame = Extract<ImageSource, { rgba: Uint8Array }>;

/** Where frames come from, one after the other. */
export interface FrameSource {
  readonly name: string;
  /** The next frame, as soon as there is one; undefined when there is none any more. Rejects where it can't be read. */
  next(): Promise<Frame | undefined>;
  dispose(): void;
}

/** Frames are sent no larger than this on their shorter side: networks look at few pixels, and copies take time. */
const SHORTER = 256;

let canvas: OffscreenCanvas | undefined;

/** The pixels of a picture or film, made smaller where it is large. */
function pixels(name: string, picture: CanvasImageSource, width: number, height: number): Frame {
  const scale = Math.min(1, SHORTER / Math.min(width, height));
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  canvas ??= new OffscreenCanvas(1, 1);
  Object.assign(canvas, size);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0, size.width, size.height);
  const { data } = context.getImageData(0, 0, size.width, size.height);
  return { name, ...size, rgba: new Uint8Array(data.buffer) };
}

/** The camera. Rejects with a sentence for the user where there is none, or the editor does not hand it out. */
export async function camera(): Promise<FrameSource> {
  let stream: MediaStream;
  try {
    // Not there at all in pages that may not ask.
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 640 } } });
  } catch (error) {
    throw new Error(cameraTrouble(error), { cause: error });
  }
  const video = playing();
  video.srcObject = stream;
  await video.play();
  return film('camera', video, () => {
    for (const track of stream.getTracks()) track.stop();
  });
}

/** Why there is no camera, and what to do instead. */
export function cameraTrouble(error: unknown): string {
  const instead = 'Choose a folder of frames or a film instead.';
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotFoundError') return `There is no camera. ${instead}`;
  if (name === 'NotReadableError') return `The camera is in use by another program. ${instead}`;
  return `The editor does not hand out the camera to its panels. ${instead}`;
}

/** A film that the browser can decode, over and over. */
export async function filmFile(file: File): Promise<FrameSource> {
  const address = URL.createObjectURL(file);
  const video = playing();
  video.loop = true;
  video.src = address;
  const dispose = () => URL.revokeObjectURL(address);
  try {
    await video.play();
  } catch (error) {
    dispose();
    throw new Error(`${file.name} can’t be played here: choose an .mp4 or .webm file, or a folder of frames.`, {
      cause: error,
    });
  }
  return film(file.name, video, dispose);
}

function playing(): HTMLVideoElement {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  return video;
}

/** Only frames that are new: those that came while one was worked on are left out. */
function film(name: string, video: HTMLVideoElement, end: () => void): FrameSource {
  let done = false;
  return {
    name,
    async next() {
      await new Promise<void>((resolve) => {
        video.requestVideoFrameCallback(() => resolve());
        if (done || video.ended) resolve();
      });
      return done ? undefined : pixels(name, video, video.videoWidth, video.videoHeight);
    },
    dispose() {
      done = true;
      video.pause();
      video.srcObject = null;
      video.removeAttribute('src');
      end();
    },
  };
}

const PICTURE = /\.(png|jpe?g|webp|gif|bmp|avif)$/i;
const byName = new Intl.Collator(undefined, { numeric: true }).compare;

/** Decoded frames of a folder that are kept for its next round. */
const KEPT_BYTES = 64e6;

/**
 * The pictures of a folder in the order of their names, over and over; the next one is decoded while one goes through the
 * network. Throws where there are none.
 */
export function folder(files: readonly File[]): FrameSource {
  const pictures = files
    .filter(({ name }) => PICTURE.test(name))
    .sort((a, b) => byName(a.webkitRelativePath || a.name, b.webkitRelativePath || b.name));
  if (pictures.length === 0)
    throw new Error('There are no pictures in this folder: frames are PNG, JPEG or WebP files.');
  const kept = new Map<File, Frame>();
  let bytes = 0;
  const decode = async (file: File): Promise<Frame> => {
    const known = kept.get(file);
    if (known) return known;
    const bitmap = await createImageBitmap(file).catch((error: unknown) => {
      throw new Error(`${file.name} is no picture that can be read.`, { cause: error });
    });
    const frame = pixels(file.name, bitmap, bitmap.width, bitmap.height);
    bitmap.close();
    if ((bytes += frame.rgba.length) <= KEPT_BYTES) kept.set(file, frame);
    return frame;
  };
  let at = 0;
  let done = false;
  const ahead = (): Promise<Frame> => {
    const frame = decode(pictures[at++ % pictures.length]!);
    frame.catch(() => {}); // told when it is its turn
    return frame;
  };
  let coming = ahead();
  return {
    name: pictures[0]!.webkitRelativePath.split('/')[0] || `${pictures.length} frames`,
    async next() {
      if (done) return undefined;
      const frame = await coming;
      coming = ahead();
      return frame;
    },
    dispose: () => void (done = true),
  };
}
