/** Which field of a request was wrong, and what to do about it, in Chinese. */
export interface FieldError {
  field: string;
  message: string;
}

/** Who acted since the version a conflicting act was made on. */
export interface ActedBy {
  role: string;
  name?: string;
}

/** The body of a refusal (RFC 9457), as docs/api.md describes it. */
export interface ProblemBody {
  status?: number;
  code?: string;
  detail?: string;
  errors?: FieldError[] | null;
  acted_by?: ActedBy;
  acted_at?: string;
  version?: number;
  trace_id?: string;
}

/** A request that was refused, or got no answer: code "offline" and status 0. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: FieldError[];
  readonly body: ProblemBody;
  /** Seconds after which to try again; 0 when the server named none. */
  readonly retryAfter: number;

  constructor(status: number, body: ProblemBody, retryAfter = 0) {
    super(body.detail ?? "");
    this.name = "Problem";
    this.status = status;
    this.code = body.code ?? (status === 0 ? "offline" : "internal");
    this.errors = body.errors ?? [];
    this.body = body;
    this.retryAfter = retryAfter;
  }

  /** What is wrong with a field, "" for nothing. */
  of(field: string): string {
    return this.errors.find((e) => e.field === field || e.field.startsWith(`${field}.`))?.message ?? "";
  }

  /** Whether the same request may be sent again without harm and may then pass. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function asProblem(e: unknown): Problem {
  return e instanceof Problem ? e : new Problem(500, { code: "internal", detail: e instanceof Error ? e.message : "" });
}
