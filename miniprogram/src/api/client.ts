import { syncClock } from "@/state/clock";
import { asProblem, Problem, type ProblemBody } from "./problem";
import type { components, paths } from "./schema";

/** The types of requests and answers, generated from docs/openapi.json. */
export type Schemas = components["schemas"];

type Verb = "get" | "post" | "put" | "patch" | "delete";
type Verbs<P extends keyof paths> = { [V in Verb]: paths[P][V] extends object ? V : never }[Verb];
type Operation<P extends keyof paths, V extends Verbs<P>> = NonNullable<paths[P][V]>;
type Parameters<O> = O extends { parameters: infer X } ? X : never;
type Part<X, K extends string> = X extends { [key in K]?: infer Y } ? NonNullable<Y> : never;
type Body<O> = O extends { requestBody?: infer R } ? (NonNullable<R> extends { content: { "application/json": infer B } } ? B : never) : never;
type Answer<O> = O extends { responses: infer R }
  ? { [S in keyof R]: S extends 200 | 201 | 204 ? (R[S] extends { content: { "application/json": infer B } } ? B : undefined) : never }[keyof R]
  : never;

/** The parts of a call beside its path. */
export interface Request<O> {
  path?: Part<Parameters<O>, "path">;
  query?: Part<Parameters<O>, "query">;
  header?: Record<string, string>;
  body?: Omit<Body<O> & object, "$schema">;
}

/** The caller. The session and the language set it, so that this file depends on neither. */
export const caller = {
  token: "",
  /** The language in which the server's sentences are wanted: a tag for Accept-Language. */
  language: "zh-CN",
  /** Called when the server no longer knows the token. */
  ended: (): void => undefined,
};

/** "" on H5: the page's own origin. */
export const origin: string = import.meta.env.VITE_API_BASE ?? "";

/** A request without an answer counts as lost after this time, in milliseconds. */
const patience = 20_000;

export function address(path: string, values: Record<string, unknown> = {}, query: Record<string, unknown> = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name] ?? "")));
  const pairs = Object.entries(query)
    .filter(([, v]) => v !== undefined && v !== "" && v !== null)
    .map(([k, v]) => `${encodeURIComponent(k)}=${encodeURIComponent(String(v))}`);
  return origin + filled + (pairs.length ? `?${pairs.join("&")}` : "");
}

export function authorization(): Record<string, string> {
  return caller.token ? { Authorization: `Bearer ${caller.token}` } : {};
}

/** Returns a header of an answer. The platforms write the names in different cases. */
function headerOf(header: Record<string, unknown>, name: string): unknown {
  return Object.entries(header).find(([k]) => k.toLowerCase() === name)?.[1];
}

/** Makes the Problem of a failed answer. */
export function problemOf(status: number, data: unknown, header: Record<string, unknown> = {}): Problem {
  let body: ProblemBody = {};
  if (typeof data === "string") {
    try {
      body = JSON.parse(data) as ProblemBody;
    } catch {
      body = {}; // not ours: a proxy's page
    }
  } else if (data && typeof data === "object") {
    body = data as ProblemBody;
  }
  return new Problem(status, body, Number(headerOf(header, "retry-after")) || 0);
}

/**
 * Makes one call of the API. It throws a Problem if the server refuses or does not
 * answer. It never retries, because a retry may act twice.
 */
export function call<P extends keyof paths, V extends Verbs<P>>(
  verb: V,
  path: P,
  request: Request<Operation<P, V>> = {},
): Promise<Answer<Operation<P, V>>> {
  const { token } = caller;
  return new Promise((resolve, reject) => {
    uni.request({
      url: address(path, request.path as Record<string, unknown>, request.query as Record<string, unknown>),
      method: verb.toUpperCase() as "GET",
      data: request.body === undefined ? undefined : JSON.stringify(request.body),
      header: { "Accept-Language": caller.language, ...(request.body === undefined ? {} : { "Content-Type": "application/json" }), ...authorization(), ...request.header },
      timeout: patience,
      success: (r) => {
        syncClock(headerOf((r.header ?? {}) as Record<string, unknown>, "date"));
        if (r.statusCode >= 200 && r.statusCode < 300) {
          resolve((r.statusCode === 204 ? undefined : r.data) as Answer<Operation<P, V>>);
          return;
        }
        const problem = problemOf(r.statusCode, r.data, r.header as Record<string, unknown>);
        // An answer to an earlier session does not end the one that began meanwhile.
        if (problem.code === "unauthenticated" && token && token === caller.token) caller.ended();
        reject(problem);
      },
      fail: () => reject(new Problem(0, { code: "offline" })),
    });
  });
}

export { asProblem, Problem };
