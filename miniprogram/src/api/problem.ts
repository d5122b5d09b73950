/** A wrong field of a request, with advice in Chinese. */
export interface FieldError {
  field: string;
  message: string;
}

/** The person who acted after the version of a conflicting act. */
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

/** A refused request, or one without an answer (code "offline", status 0). */
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

  /** Returns the fault of a field, or "". */
  of(field: string): string {
    return this.errors.find((e) => e.field === field || e.field.startsWith(`${field}.`))?.message ?? "";
  }

  /** Whether a retry of the same request is harmless and may succeed. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function asProblem(e: unknown): Problem {
  return e instanceof Problem ? e : new Problem(500, { code: "internal", detail: e instanceof Error ? e.message : "" });
}
