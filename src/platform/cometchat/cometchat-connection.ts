import { connectTo } from '../../providers/http-client/connect-to.js';
import {
  HttpFault,
  type HttpClient,
  type HttpRequest,
  type HttpResponse,
} from '../../providers/http-client/http-client.js';
import type { AppSettings } from '../config/app-settings.js';

const MAX_RETRY_AFTER_MS = 60_000;

/** CometChat gave no usable answer; a later request may get one. */
export class CometChatUnavailable extends Error {
  override readonly name = 'CometChatUnavailable';

  /** @param retryAfterMs CometChat's `Retry-After`, up to a minute. */
  constructor(
    readonly code: string,
    readonly retryAfterMs?: number,
  ) {
    super(`CometChat gave no answer: ${code}`);
  }
}

/** CometChat refuses the app's REST API key. */
export class CometChatKeyRefused extends Error {
  override readonly name = 'CometChatKeyRefused';

  /** @param code CometChat's own code, such as `AUTH_ERR_NO_ACCESS`. */
  constructor(
    readonly status: number,
    readonly code?: string,
  ) {
    super(`CometChat refused the REST API key with ${status}`);
  }
}

export interface CometChatAnswer extends HttpResponse {
  /** Undefined unless the body is a JSON object. */
  readonly json: object | undefined;
}

export interface CometChatRequest extends Pick<HttpRequest, 'path'> {
  readonly method?: HttpRequest['method'];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
}

/**
 * HTTP connection to CometChat for one app. Answers are not logged, because error messages repeat the token.
 *
 * `apiclient` is the API of CometChat's SDKs, `api` the REST API for backends.
 */
export class CometChatConnection {
  private readonly client: HttpClient;
  private readonly timeoutMs: number;

  constructor({ appId, region, cometchat }: AppSettings, host: 'api' | 'apiclient') {
    const endpoint = cometchat.apiEndpoint ?? `https://${appId}.${host}-${region}.cometchat.io`;
    this.client = connectTo({ endpoint, ca: cometchat.ca });
    this.timeoutMs = cometchat.requestTimeoutMs;
  }

  /** @throws CometChatUnavailable without an answer within `requestTimeoutMs`. */
  async request({ method = 'GET', path, headers, body }: CometChatRequest): Promise<CometChatAnswer> {
    const ofBody = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await this.client
      .request({
        ...{ method, path, timeoutMs: this.timeoutMs },
        headers: { accept: 'application/json', ...ofBody, ...headers },
        body: body && JSON.stringify(body),
      })
      .catch((error: unknown) => {
        throw new CometChatUnavailable(error instanceof HttpFault ? error.code : 'no_answer');
      });
    return { ...response, json: parse(response.body) };
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

/** The error for an answer without the expected content. */
export function unavailable({ status, headers }: HttpResponse): CometChatUnavailable {
  const retryAfterMs = Number(headers['retry-after']) * 1_000;
  return new CometChatUnavailable(
    `http_${status}`,
    retryAfterMs > 0 ? Math.min(retryAfterMs, MAX_RETRY_AFTER_MS) : undefined,
  );
}

/** CometChat's own code in `{"error":{"code":"…"}}`; undefined for other answers, such as those of a proxy. */
export function errorCodeOf({ json }: CometChatAnswer): string | undefined {
  const code = field(field(json, 'error'), 'code');
  return typeof code === 'string' ? code : undefined;
}

function parse(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A property of an unknown value; undefined if it is no object or lacks it. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
