import { FacetError } from '../errors';
import type { Picture } from '../runtime/picture-encoder';

/** A picture scaled to a square of so many pixels. */
export function pictureOf(image: ImageBitmap, size: number): Picture {
  const context = new OffscreenCanvas(size, size).getContext('2d', { colorSpace: 'srgb', willReadFrequently: true });
  if (!context) throw new FacetError('internal', 'The browser gave no canvas to read the picture with.');
  context.drawImage(image, 0, 0, size, size);
  const { data } = context.getImageData(0, 0, size, size);
  const rgb = new Float32Array(size * size * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = data[Math.floor(i / 3) * 4 + (i % 3)]! / 255;
  return { size, rgb };
}
