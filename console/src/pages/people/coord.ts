/** Coordinates as a form has them: 35.601234，103.206543; "" for none. */
export function showCoord(e: { lat?: unknown; lng?: unknown }): string {
  return e.lat && e.lng ? `${String(e.lat)}，${String(e.lng)}` : "";
}

/**
 * Reads two numbers in either order, as maps copy them: in China a latitude is never as
 * large as a longitude. Nothing for "", null for what are none.
 */
export function parseCoord(text: string): { lat: number; lng: number } | Record<string, never> | null {
  if (!text.trim()) return {};
  const numbers = text.normalize("NFKC").trim().split(/[\s,、;]+/).filter(Boolean).map(Number);
  const [a, b] = numbers;
  if (numbers.length !== 2 || a === undefined || b === undefined || !Number.isFinite(a) || !Number.isFinite(b)) return null;
  return { lat: Math.min(a, b), lng: Math.max(a, b) };
}
