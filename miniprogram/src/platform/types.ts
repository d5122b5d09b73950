/** What the pages need of the phone. Two files give it: one for WeChat, one for browsers. */

/** A file on its way to the server. */
export interface Sending {
  /** Resolves to the upload's id. */
  done: Promise<string>;
  stop: () => void;
}

/** A voice message that was recorded. */
export interface Recording {
  local: string;
  seconds: number;
}

/** A recording that goes on. */
export interface Recorder {
  /** Resolves when it was stopped or the longest time has passed. */
  done: Promise<Recording>;
  stop: () => void;
}

export interface Point {
  lat: number;
  lng: number;
  coord: "gcj02" | "wgs84";
  /** What the phone calls the place, "" for nothing. */
  name: string;
}

/** Why the phone did not do it. */
export type Refusal = "denied" | "unable" | "cancelled";

export class PhoneError extends Error {
  constructor(readonly why: Refusal) {
    super(why);
    this.name = "PhoneError";
  }
}

/** What a consent tap ended with. */
export interface Consent {
  template_id: string;
  result: "accept" | "reject";
}

/** The longest voice message, in seconds; the server takes 60. */
export const longestVoice = 60;
