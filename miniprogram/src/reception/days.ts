import type { Schemas } from "@/api/client";
import { times } from "@/i18n";
import { dayWord, local, moment } from "@/logic/when";

export type OpenDay = Schemas["OpenReception"];
export type Slot = Schemas["OpenSlot"];
export type Booking = Schemas["ReceptionBooking"];

/** Returns a date in words: "12月4日 星期五", "明天 星期五". */
export function dateWords(date: string, now: number): string {
  const at = moment(date);
  return `${dayWord(at, now, times())} ${times().weekdays[local(at).weekday] ?? ""}`;
}

/** The slots that can be taken or waited for. */
export function openSlots(day: OpenDay): Slot[] {
  return day.cancelled ? [] : day.slots.filter((s) => !s.over);
}

/** Whether one can book the day, or wait for it. */
export function bookable(day: OpenDay): boolean {
  return openSlots(day).length > 0;
}

/** Whether every slot of a day is taken. */
export function isFull(day: OpenDay): boolean {
  return bookable(day) && openSlots(day).every((s) => s.left === 0);
}

/** The day that is shown first: the next that stands, else the next. */
export function firstDay(days: OpenDay[]): OpenDay | undefined {
  return days.find((d) => bookable(d) && !isFull(d)) ?? days.find(bookable) ?? days.find((d) => !d.cancelled) ?? days[0];
}

/** When a slot ends; a day without slots ends with itself. */
export function slotEnd(day: OpenDay, from: string): string {
  return day.slots.find((s) => s.from === from)?.to ?? day.to;
}

/** Names a booking in an address and in a notice. */
export interface BookingName {
  station: string;
  day: string;
  booking: string;
}

export function nameOf(b: Booking): string {
  return `${b.day.station}.${b.day.id}.${b.id}`;
}

/** Reads such a name; undefined for another text. */
export function namedBooking(id: string): BookingName | undefined {
  const [station, day, booking, ...rest] = id.split(".");
  return station && day && booking && rest.length === 0 ? { station, day, booking } : undefined;
}

/** The state of a booking as it is shown: that of a day that is cancelled is off, and stays booked should the day be restored. */
export type Shown = Booking["state"] | "off";

export function shownState(b: Booking): Shown {
  return b.day.cancelled && ["booked", "waiting", "offered"].includes(b.state) ? "off" : b.state;
}

/** Whether the booking can still come about. */
export function isOpen(b: Booking): boolean {
  return ["booked", "waiting", "offered", "arrived"].includes(shownState(b));
}

/** Whether its maker may change it now. Who waits or is offered a seat may call it off until the end. */
export function isChangeable(b: Booking, now: number): boolean {
  return b.state === "waiting" || b.state === "offered" || (b.state === "booked" && now < Date.parse(b.until));
}

/** Whether it is the day of the booking, so that one may say that one is there. */
export function isToday(b: Booking, now: number): boolean {
  return dayWord(moment(b.day.date), now, times()) === times().today;
}

/** The class of a tag for a state. */
export function toneOf(state: Shown): string {
  return { off: "bad", booked: "done", waiting: "wait", offered: "ask", cancelled: "over", moved: "over", arrived: "busy", received: "over", missed: "over" }[state];
}

/** Another slot for a booking, with its day. */
export interface Other {
  day: OpenDay;
  slot: Slot;
}

/** Returns where a booking can move: what is free on its own day and on the others. */
export function othersFor(b: Booking, days: OpenDay[]): Other[] {
  const all = [b.day, ...days.filter((d) => d.id !== b.day.id && d.station === b.day.station)];
  return all.flatMap((day) => openSlots(day).filter((s) => s.left > 0 && !(day.id === b.day.id && s.from === b.slot && b.state === "booked")).map((slot) => ({ day, slot })));
}
