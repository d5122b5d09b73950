import { plain } from "./fold";

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
  const text = plain(scene);
  const address = /\/q\/([^/?#]+)/.exec(text);
  const typed = (address?.[1] ?? text.replace(spaced, "")).toLowerCase();
  const keys = typed.includes("/") ? [] : (typed.match(/[0-9a-z]+/g) ?? []).filter((run) => run.length === 10);
  return keys.length === 1 && keys[0] ? keys[0] : typed;
}

/** The login that a computer's code leads to: what was scanned, or typed by somebody whose phone scans nothing; "" for another code. */
export function loginOf(scene: string): string {
  const text = plain(scene);
  return /[?&]login=([a-z0-9]+)/i.exec(text)?.[1] ?? (/^[0-9a-z]{24}$/i.test(text.replace(spaced, "")) ? text.replace(spaced, "").toLowerCase() : "");
}

/** What was typed as the number on a computer's screen, in whatever width the keyboard writes; "" for anything but two digits. */
export function twoDigits(typed: string): string {
  const text = plain(typed).replace(spaced, "");
  return /^\d{2}$/.test(text) ? text : "";
}
