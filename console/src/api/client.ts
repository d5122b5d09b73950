import createClient from "openapi-fetch";
import { attend, unattended } from "./attended";
import { asProblem, Problem } from "./problem";
import type { components, paths } from "./schema";

/** The shapes on the wire, from the server's own description. */
export type Schemas = components["schemas"];

/** Called when the server no longer knows the session; set by the router. */
export const session = { ended: (): void => undefined };

/**
 * The API. The browser's cookie says who asks; a request of another page is
 * refused by the server.
 */
export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });

attend(globalThis);
api.use({
  onRequest({ request }) {
    if (unattended(request.url)) request.headers.set("X-Unattended", "1");
    return request;
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * Returns what an answer holds, or throws a Problem: with the server's words
 * where it has some, with our own where there was no answer.
 */
export async function unwrap<T>(calling: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await calling;
  } catch (e) {
    if (e instanceof DOMException && e.name === "AbortError") throw e;
    throw new Problem(0, { code: "offline" });
  }
  if (answer.response.ok) return answer.data as T;
  const problem = new Problem(answer.response.status, asProblem(answer.error), Number(answer.response.headers.get("Retry-After")) || 0);
  if (problem.code === "unauthenticated") session.ended();
  throw problem;
}

export { Problem };
