import { connectTo } from '../../providers/http-client/connect-to.js';
import { HttpFault, type HttpClient, type HttpResponse } from '../../providers/http-client/http-client.js';
import type { AppSettings } from '../config/app-settings.js';

const MAX_RETRY_AFTER_MS = 60_000;
const WRONG_TOKEN = /^AUTH_ERR_.*AUTH_TOKEN/;

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

  constructor(readonly status: number) {
    super(`CometChat refused the REST API key with ${status}`);
  }
}

interface Answer extends HttpResponse {
  /** Undefined unless the body is a JSON object. */
  readonly json: object | undefined;
}

/**
 * HTTP API of CometChat for one app. Answers are not logged, because error messages repeat the token.
 *
 * `apiclient` is the API of CometChat's SDKs, `api` the REST API for backends.
 */
export class CometChatApi {
  private readonly client: HttpClient;

  constructor(
    private readonly app: AppSettings,
    host: 'api' | 'apiclient',
  ) {
    const { appId, region, cometchat } = app;
    const endpoint = cometchat.apiEndpoint ?? `https://${appId}.${host}-${region}.cometchat.io`;
    this.client = connectTo({ endpoint, ca: cometchat.ca });
  }

  /**
   * Resolves an auth token as CometChat's SDKs do, with `{"data":{"uid",…}}` or
   * `{"error":{"code":"AUTH_ERR_AUTH_TOKEN_NOT_FOUND",…}}`. Needs `apiclient`.
   *
   * @returns the uid; null for an invalid token.
   * @throws CometChatUnavailable
   */
  async uidOf(authToken: string): Promise<string | null> {
    const headers = { appid: this.app.appId, authtoken: authToken };
    const answer = await this.get('/v3.0/me', headers);
    const uid = field(field(answer.json, 'data'), 'uid');
    if (answer.status === 200 && typeof uid === 'string' && uid !== '') return uid;
    // Only CometChat's own error code counts: a bare 401 or 403 may come from a proxy.
    const code = field(field(answer.json, 'error'), 'code');
    if (typeof code === 'string' && (answer.status === 401 || WRONG_TOKEN.test(code))) return null;
    throw unavailable(answer);
  }

  /**
   * Reads a user's phone number from `{"data":{"email":"…","phno":"+919591128691"}}`. Needs `api`.
   * https://www.cometchat.com/docs/rest-api/notifications-apis/push/update-contact-details
   *
   * @returns the number as CometChat stores it; empty without one.
   * @throws CometChatUnavailable, CometChatKeyRefused
   */
  async phoneNumberOf(uid: string, apikey: string): Promise<string> {
    const path = '/v3/notifications/v1/contact-details';
    const answer = await this.get(path, { apikey, onbehalfof: uid });
    const { status, json } = answer;
    if (status === 200 && json) {
      const data = field(json, 'data');
      const phno = field(Array.isArray(data) ? data[0] : data, 'phno');
      return typeof phno === 'string' ? phno.trim() : '';
    }
    // Only CometChat's own error counts: a bare 404 may come from a proxy.
    if (status === 404 && field(json, 'error') !== undefined) return '';
    if (status === 401 || status === 403) throw new CometChatKeyRefused(status);
    throw unavailable(answer);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private async get(path: string, headers: Readonly<Record<string, string>>): Promise<Answer> {
    const response = await this.client
      .request({
        method: 'GET',
        path,
        headers: { accept: 'application/json', ...headers },
        timeoutMs: this.app.cometchat.requestTimeoutMs,
      })
      .catch((error: unknown) => {
        throw new CometChatUnavailable(error instanceof HttpFault ? error.code : 'no_answer');
      });
    return { ...response, json: parse(response.body) };
  }
}

function unavailable({ status, headers }: HttpResponse): CometChatUnavailable {
  const retryAfterMs = Number(headers['retry-after']) * 1_000;
  return new CometChatUnavailable(
    `http_${status}`,
    retryAfterMs > 0 ? Math.min(retryAfterMs, MAX_RETRY_AFTER_MS) : undefined,
  );
}

function parse(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
