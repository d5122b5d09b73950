import type { Schemas } from "@/api/client";
import { named, t, tongue, type Key } from "@/i18n";

/** Describes an event in the user's language. The words of people stay as written. */
export function eventWords(e: Schemas["Event"]): string {
  const who = e.by_proxy ? t("handed.proxy") : (e.by.name ?? named("role", e.by.role));
  const what = named("act", e.what, e.what);
  const to = e.to ? t("act.to", { name: e.to.name }) : "";
  const outcome = e.outcome ? t("act.outcome", { outcome: named("outcome", e.outcome) }) : "";
  return `${who} ${what}${to}${outcome}${e.text ? `: ${e.text}` : ""}${e.note ? ` (${e.note})` : ""}`;
}

/** Says in the user's language what was done last to a submission; "" without a timeline. */
export function lastWords(s: Schemas["Submission"]): string {
  const last = s.timeline?.at(-1);
  return last ? sentenceOf(last) : "";
}

/** Returns an event in a sentence: the server's in Chinese, ours otherwise. */
export function sentenceOf(e: Schemas["Event"]): string {
  return tongue.value === "zh" ? e.sentence : eventWords(e);
}

/** Splits a sentence from the quoted words that it ends with, because the words may run from right to left. */
export function quoted(sentence: string, words?: string): [before: string, words: string] {
  return words && sentence.endsWith(words) ? [sentence.slice(0, -words.length), words] : [sentence, ""];
}

/** Returns a sentence without the words that it quotes and what follows them. */
export function headOf(sentence: string, words?: string): string {
  if (!words) return sentence;
  for (const colon of ["：", ": "]) {
    const end = sentence.indexOf(colon + words);
    if (end > 0) return sentence.slice(0, end);
  }
  return sentence;
}

/** The names of an act's fields in errors. */
export type Field = "text" | "reason" | "to" | "days" | "outcome" | "photos" | "rating" | "department" | "note" | "promised";

/** The form of an act. */
export interface Form {
  fields: Field[];
  /** Photos may be added. */
  photos?: boolean;
  /** The text may not be empty. */
  need: boolean;
  /** The maximum number of characters (docs/api.md). */
  max: number;
  title: Key;
  label: Key;
  hint?: Key;
  button: Key;
  danger?: boolean;
  /** Sentences for this act, for who has none of their own. */
  phrases?: readonly Key[];
  /** The user's own phrases fit as well. They are written for visitors, or by a department for its answers. */
  own?: boolean;
}

/** The four sentences of an act that come with the client. */
const four = (act: "reply" | "ask" | "close" | "contribute"): Key[] => ([1, 2, 3, 4] as const).map((n): Key => `phrase.${act}_${n}`);

export const forms: Record<string, Form> = {
  reply: { fields: ["text"], photos: true, need: true, max: 2000, title: "form.reply", label: "form.reply_text", button: "form.reply_send", phrases: four("reply"), own: true },
  ask: { fields: ["text"], need: true, max: 2000, title: "form.ask", label: "form.ask_text", hint: "form.ask_hint", button: "form.ask_send", phrases: four("ask") },
  transfer: { fields: ["to", "reason", "note"], need: true, max: 500, title: "form.transfer", label: "form.transfer_reason", button: "form.transfer_send" },
  return: { fields: ["reason"], need: true, max: 500, title: "form.return", label: "form.return_reason", hint: "form.return_hint", button: "form.return_send" },
  close: { fields: ["outcome", "text"], photos: true, need: true, max: 2000, title: "form.close", label: "form.close_text", hint: "form.close_hint", button: "form.close_send", phrases: four("close"), own: true },
  fulfil: { fields: ["text"], photos: true, need: true, max: 2000, title: "form.fulfil", label: "form.fulfil_text", hint: "form.fulfil_hint", button: "form.fulfil_send", own: true },
  promise: { fields: ["promised", "reason"], need: true, max: 500, title: "form.promise", label: "form.promise_reason", hint: "form.promise_hint", button: "form.promise_send" },
  extend: { fields: ["days", "reason"], need: true, max: 500, title: "form.extend", label: "form.extend_reason", hint: "form.extend_hint", button: "form.extend_send" },
  assist: { fields: ["department", "text"], need: true, max: 500, title: "form.assist", label: "form.assist_text", button: "form.assist_send" },
  contribute: { fields: ["text"], photos: true, need: true, max: 2000, title: "form.contribute", label: "form.contribute_text", button: "form.contribute_send", phrases: four("contribute"), own: true },
  decline: { fields: ["reason"], need: true, max: 500, title: "form.decline", label: "form.decline_reason", button: "form.decline_send", danger: true },
  messages: { fields: ["text"], photos: true, need: true, max: 2000, title: "form.message", label: "form.message_text", button: "form.message_send" },
  withdraw: { fields: ["reason"], need: false, max: 500, title: "form.withdraw", label: "form.withdraw_reason", hint: "form.withdraw_hint", button: "form.withdraw_send", danger: true },
  rate: { fields: ["rating", "reason"], need: false, max: 500, title: "form.rate", label: "form.rate_reason", button: "form.rate_send" },
  reopen: { fields: ["reason"], need: true, max: 500, title: "form.reopen", label: "form.reopen_reason", hint: "form.reopen_hint", button: "form.reopen_send" },
};
