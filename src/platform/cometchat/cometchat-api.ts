import type { AppSettings } from '../config/app-settings.js';
import {
  CometChatConnection,
  CometChatKeyRefused,
  errorCodeOf,
  field,
  unavailable,
} from './cometchat-connection.js';

const WRONG_TOKEN = /^AUTH_ERR_.*AUTH_TOKEN/;

/** The users of one app as CometChat knows them. */
export class CometChatApi {
  private readonly connection: CometChatConnection;

  constructor(
    private readonly app: AppSettings,
    host: 'api' | 'apiclient',
  ) {
    this.connection = new CometChatConnection(app, host);
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
    const answer = await this.connection.request({ path: '/v3.0/me', headers });
    const uid = field(field(answer.json, 'data'), 'uid');
    if (answer.status === 200 && typeof uid === 'string' && uid !== '') return uid;
    // Only CometChat's own error code counts: a bare 401 or 403 may come from a proxy.
    const code = errorCodeOf(answer);
    if (code !== undefined && (answer.status === 401 || WRONG_TOKEN.test(code))) return null;
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
    const answer = await this.connection.request({ path, headers: { apikey, onbehalfof: uid } });
    const { status, json } = answer;
    if (status === 200 && json) {
      const data = field(json, 'data');
      const phno = field(Array.isArray(data) ? data[0] : data, 'phno');
      return typeof phno === 'string' ? phno.trim() : '';
    }
    // Only CometChat's own error counts: a bare 404 may come from a proxy.
    if (status === 404 && field(json, 'error') !== undefined) return '';
    if (status === 401 || status === 403) throw new CometChatKeyRefused(status, errorCodeOf(answer));
    throw unavailable(answer);
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
