import type { Schemas } from "@/api/client";
import { visible } from "./fold";
import { isValidPhone } from "./phone";

/**
 * A filing that was not sent yet. It is saved at every change, so that a lost
 * connection, a closed page or a phone call loses nothing (state/drafts).
 */
export interface Draft {
  /** Names the sending: the same key again gets the first receipt, never a second matter. */
  id: string;
  scene: string;
  kind: Kind;
  category: string;
  text: string;
  place: string;
  point?: { lat: number; lng: number; coord: "gcj02" | "wgs84" };
  photos: DraftPhoto[];
  voice?: DraftVoice;
  /** "" until the person says it: it decides the deadline, so nobody is taken for anything. */
  visitor: "resident" | "tourist" | "business" | "";
  /** The last local date on which a tourist can be reached; "" if unknown. */
  untilDate: string;
  phone: string;
  /** The platform's code for the phone number. It expires within minutes, so it is never saved. */
  phoneCode: string;
  anonymous: boolean;
  aboutMember: boolean;
  forOther: boolean;
  otherName: string;
  otherRelation: string;
  otherPhone: string;
  against: string;
  amount: string;
  sameAs: string;
  /** The present question. */
  at: Question;
  savedAt: number;
  /** When the person pressed send and had to log in first, in milliseconds. Sending goes on after the login. */
  sendAfterLogin?: number;
  /** A request without an answer. The server may have taken it. */
  attempt?: { key: string; body: string };
}

/** The questions, in order. */
export type Question = "what" | "where" | "photos" | "who" | "reach" | "send";

/** What the number and order of the screens depend on. */
export interface FormLook {
  /** Large type. */
  elder: boolean;
  /** The sign of a place, where people stand in front of what they report. */
  place: boolean;
}

/**
 * Returns the questions of each screen. Large type asks what happened, who it is, and shows what is sent; places and
 * photos are there on demand. A place's sign is known, so the photo comes first and a second screen is the last.
 */
export function screens({ elder, place }: FormLook): Question[][] {
  if (elder) return [["what", "photos", "where"], ["who", "reach"], ["send"]];
  if (place) return [["photos", "what"], ["who", "reach", "where", "send"]];
  return [["what"], ["where", "photos"], ["who", "reach", "send"]];
}

/** The kinds in the groups that a sign offers as its three buttons. */
export const kindGroups = {
  complaint: ["complaint", "dispute"],
  suggestion: ["suggestion", "inquiry"],
  help: ["help"],
} as const satisfies Record<string, readonly Kind[]>;
export type KindGroup = keyof typeof kindGroups;

/** Returns the group of a kind. */
export function groupOf(kind: string): KindGroup {
  return (Object.keys(kindGroups) as KindGroup[]).find((d) => (kindGroups[d] as readonly string[]).includes(kind)) ?? "complaint";
}

/** Returns the question of a field, so that the form can go back to a fault. Fields have the draft's or the API's names. */
export function questionOf(field: string): Question {
  if (/^(text|voice|kind|category|same_as)/.test(field)) return "what";
  if (/^(place|against|amount)/.test(field)) return "where";
  if (/^photos/.test(field)) return "photos";
  if (/^(visitor|until|other|on_behalf_of)/.test(field)) return "who";
  if (/^(phone|contact)/.test(field)) return "reach";
  return "send";
}

export type Kind = Schemas["Filing"]["kind"];

/** A photo of a draft. It has an id once it is uploaded. */
export interface DraftPhoto {
  /** The photo on the phone: a path, or a data: URL on H5. */
  local: string;
  /** The id of the upload. */
  id?: string;
  /** Where the phone keeps the file; see state/drafts. */
  file?: string;
  /** The phone has no room to keep the file. */
  unkept?: boolean;
}

/** A voice message of a draft. */
export interface DraftVoice {
  local: string;
  seconds: number;
  id?: string;
  file?: string;
  unkept?: boolean;
}

export const limits = { text: 2000, photos: 9, place: 100, name: 50, against: 100, phone: 40 } as const;

export function emptyDraft(scene: string, kind: Kind, id: string): Draft {
  return {
    id, scene, kind, category: "", text: "", place: "", photos: [], visitor: "", untilDate: "",
    phone: "", phoneCode: "", anonymous: false, aboutMember: false, forOther: false,
    otherName: "", otherRelation: "", otherPhone: "", against: "", amount: "", sameAs: "", at: "what", savedAt: 0,
  };
}

/** Returns a random key of 24 characters. */
export function newKey(random: () => number = Math.random): string {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  let key = "";
  for (let i = 0; i < 24; i++) key += letters[Math.floor(random() * letters.length)];
  return key;
}

/** Reports whether the draft has content worth saving. */
export function worthKeeping(d: Draft): boolean {
  return d.text.trim() !== "" || d.photos.length > 0 || d.voice !== undefined || d.place.trim() !== "";
}

/** Counts characters as the server does, not UTF-16 units. */
export function length(text: string): number {
  return [...text].length;
}

/** Converts a typed amount in yuan to fen; undefined for an empty text, NaN for a wrong one. */
export function fenOf(amount: string): number | undefined {
  const text = amount.trim().replace(/[,，元￥¥\s]/g, "");
  if (text === "") return undefined;
  if (!/^\d{1,8}(\.\d{1,2})?$/.test(text)) return NaN;
  return Math.round(Number(text) * 100);
}

/** Returns the faults of a draft by field, as keys of the language files. Only the report itself is compulsory. */
export function faultsOf(d: Draft): Record<string, string> {
  const f: Record<string, string> = {};
  if (!visible(d.text) && !d.voice) f.text = "file.need_text";
  if (length(d.text) > limits.text) f.text = "file.long_text";
  if (length(d.place) > limits.place) f.place = "file.long_place";
  if (!d.visitor) f.visitor = "file.need_visitor";
  if (visible(d.phone) && !isValidPhone(d.phone)) f.phone = "file.bad_phone";
  if (Number.isNaN(fenOf(d.amount))) f.amount = "file.bad_amount";
  if (d.amount.trim() !== "" && d.against.trim() === "") f.against = "file.need_against";
  if (d.forOther) {
    if (!visible(d.otherName)) f.otherName = "file.need_other_name";
    if (!visible(d.otherRelation)) f.otherRelation = "file.need_other_relation";
    if (visible(d.otherPhone) && !isValidPhone(d.otherPhone)) f.otherPhone = "file.bad_phone";
  }
  return f;
}

/** Returns the last minute of a local date. */
function endOf(date: string): string {
  return `${date}T23:59:00+08:00`;
}

/** Makes the request body. Photos and voice must be uploaded. */
export function filingOf(d: Draft): Schemas["Filing"] {
  const body: Schemas["Filing"] = { scene: d.scene, kind: d.kind, visitor: d.visitor || "resident" };
  if (d.text.trim() !== "") body.text = d.text.trim();
  if (d.category) body.category = d.category;
  const photos = [...new Set(d.photos.flatMap((p) => (p.id ? [p.id] : [])))]; // the same photo twice is one upload
  if (photos.length) body.photos = photos;
  if (d.voice?.id) body.voice = d.voice.id;
  if (d.place.trim() !== "" || d.point) body.place = { ...(d.place.trim() !== "" ? { text: d.place.trim() } : {}), ...d.point };
  if (d.phoneCode) body.contact = { phone_code: d.phoneCode };
  else if (d.phone.trim() !== "") body.contact = { phone: d.phone.trim() };
  if (d.visitor === "tourist" && d.untilDate) body.until = endOf(d.untilDate);
  if (d.anonymous) body.anonymous = true;
  if (d.aboutMember) body.about_member = true;
  if (d.forOther) {
    body.on_behalf_of = {
      name: d.otherName.trim(), relation: d.otherRelation.trim(),
      ...(d.otherPhone.trim() !== "" ? { phone: d.otherPhone.trim() } : {}),
    };
  }
  if (d.against.trim() !== "") {
    const fen = fenOf(d.amount);
    body.against = { name: d.against.trim(), ...(fen ? { amount_fen: fen } : {}) };
  }
  if (d.sameAs) body.same_as = d.sameAs;
  return body;
}
