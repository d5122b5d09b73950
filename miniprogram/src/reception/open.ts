import { call } from "@/api/client";
import { bookable, type OpenDay } from "./days";

/** From where somebody books: a scanned code's key, or a day of a station that a link named. */
export interface From {
  sign: string;
  station: string;
  day: string;
}

/** Reads the days that can be chosen from: those at the code, or those at the place of the day. */
export async function daysFrom(f: From): Promise<OpenDay[]> {
  if (f.sign) return (await call("get", "/api/v1/codes/{key}/receptions", { path: { key: f.sign } })).items;
  const days = await daysLike(f.station, f.day);
  if (days.some((d) => d.id === f.day)) return days;
  // One that is over is not listed, and neither is one beyond the server's bound.
  const named = await call("get", "/api/v1/stations/{station}/receptions/{day}", { path: { station: f.station, day: f.day } });
  return bookable(named) ? [...days, named] : days;
}

/** Reads the next days at the place of one. */
export async function daysLike(station: string, day: string): Promise<OpenDay[]> {
  return (await call("get", "/api/v1/stations/{station}/receptions", { path: { station }, query: { place_of: day } })).items;
}

/** Reads the next days of a station. */
export async function daysAt(station: string): Promise<OpenDay[]> {
  return (await call("get", "/api/v1/stations/{station}/receptions", { path: { station } })).items;
}

/** The page of a day, which needs no login and no code. */
export function pageOf(d: Pick<OpenDay, "station" | "id">): string {
  return `/pages/reception/index?station=${d.station}&day=${d.id}`;
}
