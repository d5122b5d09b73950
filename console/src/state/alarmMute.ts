/**
 * A mute of the alarms. It names the alarms that it is about: one that comes later
 * sounds, and a mute that was meant for others does not hide it.
 */
export interface Mute {
  /** Milliseconds since the epoch. */
  until: number;
  alarms: string[];
}

export const noMute: Mute = { until: 0, alarms: [] };

/** Reads a stored mute; what cannot be read is none. */
export function readMute(stored: string | null): Mute {
  try {
    const m = JSON.parse(stored ?? "null") as Partial<Mute> | null;
    return typeof m?.until === "number" && Array.isArray(m.alarms) ? { until: m.until, alarms: m.alarms.map(String) } : noMute;
  } catch {
    return noMute;
  }
}

/** Reports whether none of the alarms is to be heard now. */
export function isMuted(mute: Mute, alarms: string[], now: number): boolean {
  return mute.until > now && alarms.every((c) => mute.alarms.includes(c));
}
