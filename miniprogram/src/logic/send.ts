import { call, type Schemas } from "@/api/client";
import { asProblem, Problem } from "@/api/problem";
import * as platform from "#phone";
import { filingOf, newKey, type Draft } from "./draft";

/** The result of sending a draft. */
export interface Sent {
  /** The submission, or the receipt of an earlier try that the server had taken. */
  filed: Schemas["Submission"] | Schemas["Receipt"];
  /** The server had taken an earlier try. Later changes are not in it. */
  earlier: boolean;
}

/** The requests of sending; tests replace them. */
export interface Transport {
  upload: (local: string) => Promise<string>;
  file: (key: string, body: string) => Promise<Sent["filed"]>;
  key: () => string;
}

const realTransport: Transport = {
  upload: (local) => platform.upload(local, () => undefined).done,
  file: (key, body) =>
    call("post", "/api/v1/submissions", { body: JSON.parse(body) as Schemas["Filing"], header: { "Idempotency-Key": key } }),
  key: newKey,
};

/**
 * Sends a draft: first the files that are still on the phone, then the text. `save`
 * gets the draft after each step, so that a closed page can continue from there.
 *
 * The server may have taken a try whose answer was lost. So that try is repeated
 * under its own key before later changes are sent: one report never becomes two
 * matters.
 */
export async function sendDraft(d: Draft, save: (d: Draft) => void, transport: Transport = realTransport): Promise<Sent> {
  if (d.attempt) {
    const { key, body } = d.attempt;
    const filed = await repeatAttempt(() => transport.file(key, body), () => forget(d, save));
    if (filed) return { filed, earlier: body !== JSON.stringify(filingOf(d)) };
    d = withoutAttempt(d);
  }
  for (const p of d.photos) {
    if (p.id) continue;
    const id = await transport.upload(p.local);
    d = { ...d, photos: d.photos.map((x) => (x.local === p.local ? { ...x, id } : x)) };
    save(d);
  }
  if (d.voice && !d.voice.id) {
    d = { ...d, voice: { ...d.voice, id: await transport.upload(d.voice.local) } };
    save(d);
  }
  const key = transport.key();
  const body = JSON.stringify(filingOf(d));
  d = { ...d, attempt: { key, body } };
  save(d);
  try {
    return { filed: await transport.file(key, body), earlier: false };
  } catch (e) {
    if (!asProblem(e).passing) forget(d, save); // the server refused, so it took nothing
    throw e;
  }
}

function withoutAttempt(d: Draft): Draft {
  const { attempt: _, ...rest } = d;
  return rest;
}

function forget(d: Draft, save: (d: Draft) => void): void {
  save(withoutAttempt(d));
}

/** Repeats a try and returns its receipt; undefined if the server refuses now, so had not taken it before. */
async function repeatAttempt<T>(again: () => Promise<T>, refused: () => void): Promise<T | undefined> {
  try {
    return await again();
  } catch (e) {
    // NotFound means that the server took the try and it belongs to another account now. It must not be sent again.
    if (e instanceof Problem && !e.passing && e.code !== "unauthenticated" && e.code !== "not_found") {
      refused();
      return undefined;
    }
    throw e;
  }
}
