/** The maximum of the longer side of a photo, in pixels. */
const maxSide = 1600;
/** The minimum of the shorter side, in pixels, so that writing stays legible: about the width of a screenshot. */
const minShortSide = 1000;
/** The maximum area of a canvas that every phone's browser supports, in pixels. */
const maxPixels = 16_000_000;

/**
 * Returns the factor by which a photo is scaled down, 1 for none. A long screenshot or panorama keeps a shorter side
 * that is legible, or its own. The server has the same rule with other sizes.
 */
export function photoScale(width: number, height: number): number {
  if (width <= 0 || height <= 0) return 1;
  const scale = Math.max(maxSide / Math.max(width, height), minShortSide / Math.min(width, height));
  return Math.min(1, scale, Math.sqrt(maxPixels / (width * height)));
}
