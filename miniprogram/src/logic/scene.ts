import { plain } from "./fold";

/** The query of a page that a scanned code opened. */
export interface PageQuery {
  /** From a mini-program code; the platform percent-encodes it. */
  scene?: string;
  /** From a plain-link code: the scanned address, percent-encoded. */
  q?: string;
  /** From our own links and shared cards. */
  key?: string;
}

/** The separators that people type within a printed key. */
const separators = /[\s-]+/g;

/** Returns the scanned key or address; "" without one. */
export function sceneOf(o: PageQuery): string {
  for (const raw of [o.key, o.scene, o.q]) {
    if (raw) return decoded(raw);
  }
  return "";
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw; // a lone per cent sign is not an encoding
  }
}

/** Returns the key in a scanned or typed text: the last part of an address, or the printed letters. */
export function keyOf(scene: string): string {
  const text = plain(scene);
  const address = /\/q\/([^/?#]+)/.exec(text);
  const typed = (address?.[1] ?? text.replace(separators, "")).toLowerCase();
  const keys = typed.includes("/") ? [] : (typed.match(/[0-9a-z]+/g) ?? []).filter((run) => run.length === 10);
  return keys.length === 1 && keys[0] ? keys[0] : typed;
}

/** Returns the login id in the code of a computer's login page, scanned or typed; "" for another code. */
export function loginOf(scene: string): string {
  const text = plain(scene);
  return /[?&]login=([a-z0-9]+)/i.exec(text)?.[1] ?? (/^[0-9a-z]{24}$/i.test(text.replace(separators, "")) ? text.replace(separators, "").toLowerCase() : "");
}

/** Returns the two digits that the user typed, in plain width; "" for anything else. */
export function twoDigits(typed: string): string {
  const text = plain(typed).replace(separators, "");
  return /^\d{2}$/.test(text) ? text : "";
}

/** Returns the secret of a link by which somebody hands a matter over, scanned or opened; "" for another code. */
export function handoverOf(scene: string): string {
  const text = plain(scene);
  return /takeover\/index(?:\?t=|#)([a-z0-9]{24})/i.exec(text)?.[1] ?? /^#?([a-z0-9]{24})$/i.exec(text)?.[1] ?? "";
}

/** Returns six digits in two groups, as they are said. */
export function grouped(digits: string): string {
  return digits.replace(/^(\d{3})(\d{3})$/, "$1 $2");
}
