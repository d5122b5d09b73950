/** What a page was opened with: the platform's and the browser's ways to say what was scanned. */
export interface Opened {
  /** Of a mini-program code, percent-encoded by the platform. */
  scene?: string;
  /** Of a plain-link code, the whole scanned address, percent-encoded. */
  q?: string;
  /** Of our own links and shared cards. */
  key?: string;
}

/** Letters of a printed key: no 0/o, 1/l/i, as station.KeyAlphabet has them. */
const spaced = /[\s-]+/g;

/** The key or address that was scanned, "" when the page was opened without one. */
export function sceneOf(o: Opened): string {
  for (const raw of [o.key, o.scene, o.q]) {
    if (raw) return decoded(raw);
  }
  return "";
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw; // a lone per cent sign: as it came
  }
}

/** The key of what was scanned or typed: the last part of an address, else the letters as printed. */
export function keyOf(scene: string): string {
  const text = scene.trim();
  const address = /\/q\/([^/?#]+)/.exec(text);
  return (address?.[1] ?? text.replace(spaced, "")).toLowerCase();
}
