/** One request to a vendor. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** From the first slash on, with the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** For everything together: waiting for a connection, opening one, writing, and the whole answer. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** No answer came. */
export class HttpFault extends Error {
  override readonly name = 'HttpFault';

  /**
   * @param code Node's word for it (`ECONNREFUSED`, `ENOTFOUND`, `CERT_HAS_EXPIRED`), HTTP/2's (`REFUSED_STREAM`),
   * or `timeout`, `closed`, `ping_timeout`, `answer_too_large`, `http2_not_offered`.
   * @param mayHaveBeenSent the request had been handed to a connection, and the vendor has not said that it left it
   * alone.
   */
  constructor(
    readonly code: string,
    readonly mayHaveBeenSent: boolean,
  ) {
    super(code);
  }
}

/** The caller's signal ended the request. */
export class HttpAborted extends Error {
  override readonly name = 'HttpAborted';

  /** @param mayHaveBeenSent as of `HttpFault`. */
  constructor(readonly mayHaveBeenSent: boolean) {
    super();
  }
}

/** Connections to one origin that stay open between requests. */
export interface HttpClient {
  /**
   * @throws HttpFault where no answer came.
   * @throws HttpAborted where the signal ended it.
   */
  request(request: HttpRequest): Promise<HttpResponse>;
  /** Lets what was asked before end, each within its time, and closes the connections. */
  close(): Promise<void>;
}
