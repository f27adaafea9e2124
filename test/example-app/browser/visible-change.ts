// Counts the pixels of an element that change noticeably between two screenshots.

import type { Page } from 'playwright-core';

/** WCAG 2.2, success criterion 2.4.13: the minimum contrast between a pixel before and after the change. */
const MIN_CONTRAST = 3;

/**
 * Counts the pixels that differ between two PNGs, using the page `blank`, which must have no content
 * security policy.
 */
export function pixelsThatChange(blank: Page, before: Buffer, after: Buffer): Promise<number> {
  const pictures = [before, after].map((png) => png.toString('base64'));
  return blank.evaluate(
    async ({ pictures, least }) => {
      const [one = [], other = []] = await Promise.all(pictures.map(luminancesOf));
      return one.filter((light, pixel) => {
        const [dark = 0, bright = 0] = [light, other[pixel] ?? 0].sort((a, b) => a - b);
        return (bright + 0.05) / (dark + 0.05) >= least;
      }).length;

      async function luminancesOf(png: string): Promise<number[]> {
        const bytes = Uint8Array.from(atob(png), (char) => char.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes]));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
        if (!canvas) throw new Error('There is no canvas to draw on');
        canvas.drawImage(bitmap, 0, 0);
        const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
        return Array.from({ length: data.length / 4 }, (_, pixel) =>
          [0.2126, 0.7152, 0.0722].reduce(
            (sum, weight, channel) => sum + weight * linear(data[4 * pixel + channel] ?? 0),
            0,
          ),
        );
      }

      function linear(value: number): number {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      }
    },
    { pictures, least: MIN_CONTRAST },
  );
}
