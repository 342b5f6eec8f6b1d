export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** Total time: waiting for a connection, connecting, writing, and reading the response. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** No response was received. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';

  /**
   * @param code Node's code (`ECONNREFUSED`, `ENOTFOUND`, `CERT_HAS_EXPIRED`), HTTP/2's (`REFUSED_STREAM`), or
   * `timeout`, `closed`, `ping_timeout`, `answer_too_large`, `http2_not_offered`.
   * @param mayHaveBeenSent the request was handed to a connection, and the vendor did not report it as unprocessed.
   */
  constructor(
    readonly code: string,
    readonly mayHaveBeenSent: boolean,
  ) {
    super(code);
  }
}

/** The caller's signal aborted the request. */
export class HttpAborted extends Error {
  override readonly name = 'HttpAborted';

  /** @param mayHaveBeenSent as in `HttpFault`. */
  constructor(readonly mayHaveBeenSent: boolean) {
    super();
  }
}

/** A client with persistent connections to one origin. */
export interface HttpClient {
  /**
   * @throws HttpFault if no response was received.
   * @throws HttpAborted if the signal aborted the request.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Waits for pending requests, each within its timeout, then closes the connections. */
  close(): Promise<void>;
}
