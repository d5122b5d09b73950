import { call, type Schemas } from "@/api/client";
import { asProblem, Problem } from "@/api/problem";
import { length, newKey } from "@/logic/draft";
import { visible } from "@/logic/fold";
import { isValidPhone } from "@/logic/phone";
import { loadValue, removeValue, saveValue } from "@/state/storage";
import type { Booking } from "./days";
import type { ReceptionKey } from "./words";

/** A booking that was not made yet. It is kept on the phone at every change, as a filing's draft is. */
export interface BookDraft {
  day: string;
  slot: string;
  words: string;
  persons: number;
  phone: string;
  /** The platform's code for the phone number. It expires within minutes, so it is never kept. */
  phoneCode: string;
  at: Step;
  /** When the person pressed the button and had to log in first, in milliseconds. */
  sendAfterLogin?: number;
  /** A request without an answer. The server may have taken it. */
  attempt?: { key: string; day: string; body: string };
}

export const maxWords = 200;
export const maxPersons = 20;

/** The questions, in order. */
export type Step = "day" | "slot" | "words" | "persons" | "phone";

/** Returns the questions of each screen: one a screen in large type, else all on one. */
export function screensOf(elder: boolean, days: number): Step[][] {
  const all: Step[] = [...(days > 1 ? (["day"] as const) : []), "slot", "words", "persons", "phone"];
  return elder ? all.map((q) => [q]) : [all];
}

export function emptyBooking(day: string, phone: string): BookDraft {
  return { day, slot: "", words: "", persons: 1, phone, phoneCode: "", at: "day" };
}

/** Returns the faults by question, as keys of the texts. Only the slot is compulsory. */
export function faultsOf(d: BookDraft): Partial<Record<Step, ReceptionKey>> {
  return {
    ...(d.slot ? {} : { slot: "pick" as const }),
    ...(length(d.words) > maxWords ? { words: "long_words" as const } : {}),
    ...(visible(d.phone) && !d.phoneCode && !isValidPhone(d.phone) ? { phone: "bad_phone" as const } : {}),
  };
}

/** Makes the request body. Who chose a full slot waits for it. */
export function bodyOf(d: BookDraft, full: boolean): Schemas["NewBooking"] {
  return {
    slot: d.slot, persons: d.persons,
    ...(d.words.trim() ? { words: d.words.trim() } : {}),
    ...(d.phoneCode ? { phone_code: d.phoneCode } : d.phone.trim() ? { phone: d.phone.trim() } : {}),
    ...(full ? { wait: true } : {}),
  };
}

const storedAs = (sign: string): string => `draft.book.${sign}`;

export function loadBooking(sign: string): BookDraft | undefined {
  const stored = loadValue<Omit<BookDraft, "phoneCode">>(storedAs(sign));
  return stored && { ...stored, phoneCode: "" };
}

export function saveBooking(sign: string, d: BookDraft): void {
  const { phoneCode: _, ...rest } = d;
  saveValue(storedAs(sign), rest);
}

export function removeBooking(sign: string): void {
  removeValue(storedAs(sign));
}

/** Whether something of it is worth saying that it is still there. */
export function isBegun(d: BookDraft): boolean {
  return d.slot !== "" || d.words.trim() !== "";
}

/** The requests of a booking; tests replace them. */
export interface Desk {
  book: (day: string, key: string, body: string) => Promise<Booking>;
  key: () => string;
}

export function deskOf(station: string): Desk {
  return {
    book: (day, key, body) =>
      call("post", "/api/v1/stations/{station}/receptions/{day}/bookings", {
        path: { station, day }, header: { "Idempotency-Key": key }, body: JSON.parse(body) as Schemas["NewBooking"],
      }),
    key: newKey,
  };
}

/**
 * Makes a booking. A try whose answer was lost is repeated first, under its own key: one party never takes two seats.
 * `save` gets the draft after each step.
 */
export async function sendBooking(d: BookDraft, full: boolean, save: (d: BookDraft) => void, desk: Desk): Promise<Booking> {
  if (d.attempt) {
    const { key, day, body } = d.attempt;
    try {
      return await desk.book(day, key, body);
    } catch (e) {
      if (!isRefused(e)) throw e;
      const { attempt: _, ...rest } = d;
      save((d = rest));
    }
  }
  const key = desk.key();
  const body = JSON.stringify(bodyOf(d, full));
  save({ ...d, attempt: { key, day: d.day, body } });
  try {
    return await desk.book(d.day, key, body);
  } catch (e) {
    if (isRefused(e)) save(d); // the server took nothing
    throw e;
  }
}

/** Whether the server answered and took nothing. What passes, or needs a login, is sent again as it is. */
function isRefused(e: unknown): boolean {
  return e instanceof Problem ? !e.passing && e.code !== "unauthenticated" : !asProblem(e).passing;
}
