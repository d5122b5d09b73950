/** The types of the phone's functions. weixin.ts and h5.ts implement them. */

/** An upload in progress. */
export interface Sending {
  /** Resolves to the upload's id. */
  done: Promise<string>;
  stop: () => void;
}

/** A recorded voice message. */
export interface Recording {
  local: string;
  seconds: number;
}

/** A recording in progress. */
export interface Recorder {
  /** Resolves after a stop or the maximum duration. */
  done: Promise<Recording>;
  stop: () => void;
}

export interface Point {
  lat: number;
  lng: number;
  coord: "gcj02" | "wgs84";
  /** The phone's name of the place, or "". */
  name: string;
}

/** What is put into the phone's calendar. Its times are in milliseconds. */
export interface CalendarEntry {
  title: string;
  from: number;
  to: number;
  where: string;
  notes: string;
}

/** A draft that this page has open, among other pages of the same browser. */
export interface Hold {
  /** Takes the draft from the page that has it. */
  take: () => void;
  /** Asks whether another page took it while this one was not shown. */
  ask: () => void;
  leave: () => void;
}

/** The reason why the phone refused. */
export type Refusal = "denied" | "unable" | "cancelled";

export class PhoneError extends Error {
  constructor(readonly why: Refusal) {
    super(why);
    this.name = "PhoneError";
  }
}

/** The result of a consent tap. */
export interface Consent {
  template_id: string;
  result: "accept" | "reject";
}

/** The maximum length of a voice message, in seconds; the server accepts 60. */
export const longestVoice = 60;
