import type { DraftPhoto } from "./draft";
import { faces } from "./matter";

/** What a form of an act is filled with. */
export interface Filled {
  text: string;
  /** What the visitor is told, beside the reason that they do not read. */
  note: string;
  photos: DraftPhoto[];
  /** A member's or a department's id. */
  to: string;
  days: string;
  outcome: string;
  face: string;
  include: number[];
  without: boolean;
  /** Those who file the same do not read the answer. */
  alone: boolean;
  /** The day by which what is agreed is carried out, as 2026-12-20. */
  promised: string;
}

/** The body of an act, as docs/api.md has it. */
export function actBody(act: string, version: number, f: Filled): Record<string, unknown> {
  const text = f.text.trim();
  const photos = f.photos.flatMap((p) => (p.id ? [p.id] : []));
  const pictures = photos.length ? { photos } : {};
  const joint = { ...(f.include.length ? { include: f.include } : {}), ...(f.without ? { without: true } : {}) };
  switch (act) {
    case "accept":
      return { version };
    case "ask":
      return { version, text };
    case "reply":
      return { version, text, ...pictures, ...joint, ...(f.alone ? { alone: true } : {}) };
    case "close":
      return { version, outcome: f.outcome, text, ...(f.outcome === "agreed" ? { promised: f.promised } : {}), ...joint };
    case "fulfil":
      return { version, text, ...pictures };
    case "promise":
      return { version, promised: f.promised, reason: text };
    case "transfer":
      return { version, to: f.to, reason: text, ...(f.note.trim() ? { note: f.note.trim() } : {}) };
    case "return":
    case "reopen":
      return { version, reason: text };
    case "extend":
      return { version, days: Number(f.days), reason: text };
    case "assist":
      return { version, department: f.to, text, days: Number(f.days) };
    case "contribute":
    case "messages":
      return { text, ...pictures };
    case "decline":
      return { reason: text };
    case "withdraw":
      return text ? { reason: text } : {};
    case "rate": {
      const face = faces.find((x) => x.key === f.face) ?? faces[0];
      return { version, solved: face.solved, attitude: face.score, speed: face.score, ...(text ? { reason: text } : {}) };
    }
    default:
      throw new Error(`no such act: ${act}`);
  }
}
