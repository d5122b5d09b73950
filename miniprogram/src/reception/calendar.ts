import type { CalendarEntry } from "@/platform/types";

const escaped = (text: string): string => text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
const stamp = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, "");

/** A line of an iCalendar file has at most 75 octets; what is longer goes on after a space (RFC 5545, 3.1). */
function folded(line: string): string {
  const encoder = new TextEncoder();
  let [out, size] = ["", 0];
  for (const letter of line) {
    const n = encoder.encode(letter).length;
    if (size + n > 74) [out, size] = [`${out}\r\n `, 1];
    out += letter;
    size += n;
  }
  return out;
}

/** Returns an entry as an iCalendar file (RFC 5545), with a reminder an hour before. */
export function calendarFile(e: CalendarEntry, now = Date.now()): string {
  return [
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//mashang//reception//ZH", "BEGIN:VEVENT",
    `UID:${stamp(e.from)}-${stamp(now)}@mashang`, `DTSTAMP:${stamp(now)}`, `DTSTART:${stamp(e.from)}`, `DTEND:${stamp(e.to)}`,
    `SUMMARY:${escaped(e.title)}`, `LOCATION:${escaped(e.where)}`, `DESCRIPTION:${escaped(e.notes)}`,
    "BEGIN:VALARM", "ACTION:DISPLAY", `DESCRIPTION:${escaped(e.title)}`, "TRIGGER:-PT1H", "END:VALARM",
    "END:VEVENT", "END:VCALENDAR", "",
  ].map(folded).join("\r\n");
}
