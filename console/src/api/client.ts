import createClient from "openapi-fetch";
import { watchInput, isUnattended } from "./attended";
import { asProblem, Problem } from "./problem";
import type { components, paths } from "./schema";

/** The types of requests and answers, generated from docs/openapi.json. */
export type Schemas = components["schemas"];

/**
 * ended is called when the server no longer knows the session, left when somebody else
 * signed in or the user signed out in another tab; set by the session and the router.
 */
export const session = { ended: (): void => undefined, left: (): void => undefined };

/**
 * The client of the API. The browser's cookie identifies the caller; the server
 * refuses requests of other pages. The server reads a list in the query as one value with commas.
 */
export const api = createClient<paths>({ baseUrl: "/", credentials: "same-origin", querySerializer: { array: { style: "form", explode: false } } });

watchInput(globalThis);
api.use({
  onRequest({ request }) {
    if (isUnattended(request.url)) request.headers.set("X-Unattended", "1");
    return request;
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * Returns the body of an answer, or throws a Problem. Its text is the server's;
 * without an answer it is ours.
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
