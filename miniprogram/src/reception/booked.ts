import { call } from "@/api/client";
import { lastSign } from "@/state/sign";
import { loadValue, saveValue } from "@/state/storage";
import type { Booking } from "./days";

/** The stations at which this phone has booked; the latest first. A code's key leads to the days at its place. */
interface Place {
  station: string;
  key: string;
}

const most = 5;

function places(): Place[] {
  return loadValue<Place[]>("booked") ?? [];
}

export function rememberBooked(station: string, key: string): void {
  saveValue("booked", [{ station, key }, ...places().filter((p) => p.station !== station)].slice(0, most));
}

/** Returns the key of a code by which the station's days are read; "" if the phone knows none. */
export function keyAt(station: string): string {
  const known = places().find((p) => p.station === station)?.key;
  return known || (lastSign.value?.station.id === station ? lastSign.value.key : "");
}

/** Reads the caller's bookings at the stations that this phone knows. One that fails is left out. */
export async function myBookings(): Promise<Booking[]> {
  const stations = new Set([...places().map((p) => p.station), ...(lastSign.value ? [lastSign.value.station.id] : [])]);
  const read = await Promise.allSettled([...stations].map((station) => call("get", "/api/v1/stations/{station}/bookings", { path: { station } })));
  return read.flatMap((x) => (x.status === "fulfilled" ? x.value.items : []));
}
