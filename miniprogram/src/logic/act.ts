import type { DraftPhoto } from "./draft";

/** The input of an act's form. */
export interface ActInput {
  text: string;
  /** The note for the visitor, who does not see the reason. */
  note: string;
  photos: DraftPhoto[];
  /** A member's or a department's id. */
  to: string;
  days: string;
  /** "" until one is chosen, as with the two answers of a rating. */
  outcome: string;
  /** What shows that it is solved, one of proofs. */
  proof: string;
  verdict: string;
  satisfaction: string;
  include: number[];
  without: boolean;
  /** The answer is not shown to others with the same problem. */
  alone: boolean;
  /** The day by which the agreement is to be carried out: 2026-12-20. */
  promised: string;
}

/** The input of a form in which nothing is chosen: an outcome, a verdict and a face are for its user to judge. */
export const noInput: Readonly<ActInput> = {
  text: "", note: "", photos: [], to: "", days: "", outcome: "", proof: "", verdict: "", satisfaction: "", include: [], without: false, alone: false, promised: "",
};

/** Makes the request body of an act (docs/api.md). */
export function actBody(act: string, version: number, f: ActInput): Record<string, unknown> {
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
      return { version, outcome: f.outcome, text, ...pictures, ...(f.outcome === "agreed" ? { promised: f.promised } : {}), ...joint };
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
    case "rate":
      return { version, solved: f.verdict, ...(f.satisfaction ? { satisfaction: f.satisfaction } : {}), ...(text ? { reason: text } : {}) };
    default:
      throw new Error(`no such act: ${act}`);
  }
}
