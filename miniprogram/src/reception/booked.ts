import { call } from "@/api/client";
import type { Booking } from "./days";

/** Reads the caller's bookings, at one station or at all; none if that fails, because the pages work without them. */
export async function myBookings(station?: string): Promise<Booking[]> {
  const read = station ? call("get", "/api/v1/stations/{station}/bookings", { path: { station } }) : call("get", "/api/v1/me/bookings");
  return read.then((x) => x.items, () => []);
}
