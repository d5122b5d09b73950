import { call, type Schemas } from "@/api/client";
import { asProblem, Problem } from "@/api/problem";
import * as platform from "#phone";
import { filingOf, newKey, type Draft } from "./draft";

/** What became of a sending. */
export interface Sent {
  /** The submission, or the receipt of a try that had been taken. */
  filed: Schemas["Submission"] | Schemas["Receipt"];
  /** An earlier try had been taken after all; what was changed since is not in it. */
  earlier: boolean;
}

/** How the phone and the server are reached; replaced in tests. */
export interface Means {
  upload: (local: string) => Promise<string>;
  file: (key: string, body: string) => Promise<Sent["filed"]>;
  key: () => string;
}

const real: Means = {
  upload: (local) => platform.upload(local, () => undefined).done,
  file: (key, body) =>
    call("post", "/api/v1/submissions", { body: JSON.parse(body) as Schemas["Filing"], header: { "Idempotency-Key": key } }),
  key: newKey,
};

/**
 * Sends a draft: first what is still on the phone, then the words. `kept` is
 * given the draft at each step, so that a closed page goes on from there.
 *
 * A try whose answer was lost may have been taken. It is repeated under its own
 * key before anything that was changed since is sent, so that one wish never
 * becomes two matters.
 */
export async function sendDraft(d: Draft, kept: (d: Draft) => void, means: Means = real): Promise<Sent> {
  if (d.attempt) {
    const { key, body } = d.attempt;
    const filed = await tried(() => means.file(key, body), () => forget(d, kept));
    if (filed) return { filed, earlier: body !== JSON.stringify(filingOf(d)) };
    d = withoutAttempt(d);
  }
  for (const p of d.photos) {
    if (p.id) continue;
    const id = await means.upload(p.local);
    d = { ...d, photos: d.photos.map((x) => (x.local === p.local ? { ...x, id } : x)) };
    kept(d);
  }
  if (d.voice && !d.voice.id) {
    d = { ...d, voice: { ...d.voice, id: await means.upload(d.voice.local) } };
    kept(d);
  }
  const key = means.key();
  const body = JSON.stringify(filingOf(d));
  d = { ...d, attempt: { key, body } };
  kept(d);
  try {
    return { filed: await means.file(key, body), earlier: false };
  } catch (e) {
    if (!asProblem(e).passing) forget(d, kept); // refused: nothing was taken
    throw e;
  }
}

function withoutAttempt(d: Draft): Draft {
  const { attempt: _, ...rest } = d;
  return rest;
}

function forget(d: Draft, kept: (d: Draft) => void): void {
  kept(withoutAttempt(d));
}

/** The receipt of a repeated try; undefined when it is refused now, so was not taken before. */
async function tried<T>(again: () => Promise<T>, refused: () => void): Promise<T | undefined> {
  try {
    return await again();
  } catch (e) {
    // What is not found was taken, and is somebody else's by now: it is not sent again.
    if (e instanceof Problem && !e.passing && e.code !== "unauthenticated" && e.code !== "not_found") {
      refused();
      return undefined;
    }
    throw e;
  }
}
