/** The longer side a photo is made smaller to, in pixels. */
const longer = 1600;
/** The shorter side that writing needs, in pixels: about the width of a phone's screenshot. */
const legible = 1000;
/** The most pixels of a drawing that every phone's browser makes. */
const area = 16_000_000;

/**
 * How much a photo of so many pixels is made smaller, 1 for not at all. A long screenshot or panorama keeps the shorter
 * side that its writing needs, or the one it came with. The server has the same rule with sides of its own.
 */
export function photoScale(width: number, height: number): number {
  if (width <= 0 || height <= 0) return 1;
  const scale = Math.max(longer / Math.max(width, height), legible / Math.min(width, height));
  return Math.min(1, scale, Math.sqrt(area / (width * height)));
}
