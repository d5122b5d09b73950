/** An error on the wire (RFC 9457). */
export interface ProblemBody {
  code?: string;
  detail?: string;
  errors?: { field: string; message: string }[];
  acted_by?: { role: string; name?: string };
  acted_at?: string;
  version?: number;
  trace_id?: string;
}

/** A failed call, with a text for the user. */
export class Problem extends Error {
  readonly code: string;

  constructor(
    /** The HTTP status; 0 without an answer. */
    readonly status: number,
    readonly body: ProblemBody,
    /** Seconds to wait before the next try; 0 if unknown. */
    readonly retryAfter = 0,
  ) {
    super(words(status, body));
    this.code = body.code ?? (status >= 500 ? "internal" : "unknown");
  }

  /** The faults of the input, by field. */
  get fields(): Record<string, string> {
    return Object.fromEntries((this.body.errors ?? []).map((e) => [e.field, e.message]));
  }
}

/** A Problem that a form finds before anything is sent. */
export const refusal = (detail: string): Problem => new Problem(422, { code: "invalid", detail });

function words(status: number, body: ProblemBody): string {
  if (body.detail) {
    const fields = (body.errors ?? []).map((e) => e.message).filter((m) => !body.detail?.includes(m));
    return [body.detail, ...fields].join("；") + (body.trace_id ? `（编号 ${body.trace_id}）` : "");
  }
  if (status === 0) return "连不上服务器，请检查网络后重试";
  return `服务器没有给出说明（${status}），请稍后重试`;
}

/** Returns the body of an error, or {} if it is not the server's, as a proxy's page. */
export function asProblem(data: unknown): ProblemBody {
  if (data && typeof data === "object") return data as ProblemBody;
  return {};
}

/** Returns the words of a conflict without the advice to load the page anew, for a page that did so itself. */
export const conflictText = (detail: string): string => detail.replace(/[。，]?请刷新后再操作。?$/, "");

/** A failed background job, with the server's text. */
export class JobFailed extends Error {}

/** Returns the text to show for anything that was thrown. */
export function problemText(e: unknown): string {
  if (e instanceof Problem || e instanceof JobFailed) return e.message;
  return "页面出了问题，请刷新后重试";
}
