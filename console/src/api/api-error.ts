/** A fault of one field of a request. */
export interface FieldFault {
  /** `data.to.uid` */
  readonly path: string;
  readonly problem: string;
}

/** The answer to a call that failed. `status` 0: no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    /** A code of the error table, such as `REQUEST.INVALID_BODY`. */
    readonly code: string,
    message: string,
    readonly errors: readonly FieldFault[] = [],
    /** Finds the request in the gateway's log. */
    readonly requestId?: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }

  /** Whether the same call may succeed later. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** The problem of one field. */
  problemOf(path: string): string | undefined {
    return this.errors.find((fault) => fault.path === path)?.problem;
  }
}

/** @param response not 2xx */
export async function apiErrorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const { code, message, errors, requestId } = bodyOf(body);
  const seconds = Number(response.headers.get('retry-after'));
  return new ApiError(
    response.status,
    code ?? `HTTP.${response.status}`,
    message ?? `${response.status} ${response.statusText}`.trim(),
    errors,
    requestId,
    seconds > 0 ? seconds : undefined,
  );
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly errors?: readonly FieldFault[];
  readonly requestId?: string;
}

/** The fields of an error body; none if a proxy answered in place of the gateway. */
const bodyOf = (body: unknown): ErrorBody => (typeof body === 'object' && body !== null ? body : {});
