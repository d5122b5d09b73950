/** Returns the coordinates in the form's format: 35.601234，103.206543; "" for none. */
export function showCoord(e: { lat?: unknown; lng?: unknown }): string {
  return e.lat && e.lng ? `${String(e.lat)}，${String(e.lng)}` : "";
}

/**
 * Reads two numbers in either order, because maps copy them in either: in China a
 * latitude is always smaller than a longitude. Returns {} for "", null for faults.
 */
export function parseCoord(text: string): { lat: number; lng: number } | Record<string, never> | null {
  if (!text.trim()) return {};
  const numbers = text.normalize("NFKC").trim().split(/[\s,、;]+/).filter(Boolean).map(Number);
  const [a, b] = numbers;
  if (numbers.length !== 2 || a === undefined || b === undefined || !Number.isFinite(a) || !Number.isFinite(b)) return null;
  return { lat: Math.min(a, b), lng: Math.max(a, b) };
}
