import type { Problem } from "@/api/problem";
import { tongue } from "@/i18n";
import { problemWords } from "@/logic/refusal";
import { r } from "./words";

/** Describes why a booking was refused. A conflict has nobody who was first: the server says in Chinese what is left. */
export function bookingRefusal(p: Problem): string {
  if (p.code !== "conflict" && p.code !== "wrong_state") return problemWords(p);
  if (tongue.value === "zh" && p.message) return p.message;
  return r(p.code === "conflict" ? "conflict" : "refused");
}
