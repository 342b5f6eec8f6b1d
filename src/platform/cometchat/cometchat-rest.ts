import type { AppSettings } from '../config/app-settings.js';
import {
  CometChatConnection,
  CometChatKeyRefused,
  errorCodeOf,
  field,
  unavailable,
  type CometChatAnswer,
  type CometChatRequest,
} from './cometchat-connection.js';
import {
  customProviderBody,
  readBuiltInProviders,
  readCustomProvider,
  type BuiltInProvider,
  type CustomProvider,
} from './custom-provider.js';
import { readLogPage, type LogPage } from './notification-log.js';

/** CometChat rejects a request that it has understood. */
export class CometChatRefused extends Error {
  override readonly name = 'CometChatRefused';

  /** @param code CometChat's code, such as `ERR_BAD_REQUEST`. */
  constructor(
    readonly status: number,
    readonly code: string,
  ) {
    super(`CometChat refused the request: ${code}`);
  }
}

/** Filters of the notification log. All apply. */
export interface LogFilter {
  readonly messageId?: string | undefined;
  /** The recipient outside groups; requires `receiverType`. */
  readonly receiver?: string;
  readonly receiverType?: 'user' | 'group';
  /** The recipient in a group. */
  readonly member?: string;
}

/** A message from one user to another. */
export interface TextMessage {
  readonly sender: string;
  readonly receiver: string;
  readonly text: string;
}

const NOTIFICATIONS = '/v3/notifications';
/** No such provider; CometChat's documentation names the code, but not the status. */
const NO_PROVIDER = 'ERR_PROVIDER_NOT_FOUND';
const BUILT_IN = [
  { channel: 'push', type: 'fcm' },
  { channel: 'push', type: 'apns' },
  { channel: 'sms', type: 'twilio' },
] as const;

/**
 * CometChat's REST API of one app, for its operator: https://www.cometchat.com/docs/rest-api/notifications-apis/overview
 *
 * Every method throws CometChatUnavailable, CometChatKeyRefused, or CometChatRefused with CometChat's own code.
 */
export class CometChatRest {
  private readonly connection: CometChatConnection;

  /** @param apikey the app's REST API key, of the scope `fullAccess`. */
  constructor(
    app: AppSettings,
    private readonly apikey: string,
  ) {
    this.connection = new CometChatConnection(app, 'api');
  }

  /** The newest page of the notification log, 20 rows. It is empty while logging is off. */
  async logs(filter: LogFilter = {}): Promise<LogPage> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(filter))
      if (value !== undefined) query.set(name, String(value));
    const suffix = query.size === 0 ? '' : `?${query.toString()}`;
    const answer = await this.request({ path: `${NOTIFICATIONS}/v1/logs${suffix}` });
    const page = readLogPage(answer.json);
    if (page === undefined) throw unavailable(answer);
    return page;
  }

  /** @returns undefined if the channel has no custom provider. */
  async customProvider(channel: 'push' | 'sms'): Promise<CustomProvider | undefined> {
    const answer = await this.find(`${NOTIFICATIONS}/${channel}/v1/providers/custom`);
    return readCustomProvider(answer?.json);
  }

  /** Adds the custom provider of a channel that has none. */
  async addCustomProvider(channel: 'push' | 'sms', provider: CustomProvider): Promise<void> {
    await this.saveCustomProvider('POST', channel, provider);
  }

  /** Replaces the custom provider of a channel. */
  async updateCustomProvider(channel: 'push' | 'sms', provider: CustomProvider): Promise<void> {
    await this.saveCustomProvider('PUT', channel, provider);
  }

  /** The enabled FCM, APNs and Twilio providers of CometChat itself. */
  async builtInProviders(): Promise<BuiltInProvider[]> {
    const found = await Promise.all(
      BUILT_IN.map(async ({ channel, type }) => {
        const answer = await this.find(`${NOTIFICATIONS}/${channel}/v1/providers/${type}`);
        return readBuiltInProviders(answer?.json).map((id) => ({ channel, type, id }));
      }),
    );
    return found.flat();
  }

  /** Sends a message as a user. @returns its id. */
  async sendMessage({ sender, receiver, text }: TextMessage): Promise<string> {
    const answer = await this.request({
      method: 'POST',
      path: '/v3/messages',
      headers: { onbehalfof: sender },
      body: { category: 'message', type: 'text', receiverType: 'user', receiver, data: { text } },
    });
    const id = field(field(answer.json, 'data'), 'id');
    if (typeof id !== 'string' && typeof id !== 'number') throw unavailable(answer);
    return String(id);
  }

  /** Waits for pending requests, each within its timeout. */
  close(): Promise<void> {
    return this.connection.close();
  }

  private async saveCustomProvider(
    method: 'POST' | 'PUT',
    channel: 'push' | 'sms',
    provider: CustomProvider,
  ): Promise<void> {
    const path = `${NOTIFICATIONS}/${channel}/v1/providers/custom`;
    await this.request({ method, path, body: customProviderBody(channel, provider) });
  }

  /** @returns undefined if CometChat has nothing at this path. */
  private async find(path: string): Promise<CometChatAnswer | undefined> {
    try {
      return await this.request({ path });
    } catch (error) {
      if (error instanceof CometChatRefused && (error.code === NO_PROVIDER || error.status === 404))
        return undefined;
      throw error;
    }
  }

  private async request(
    request: Omit<CometChatRequest, 'headers'> & Partial<Pick<CometChatRequest, 'headers'>>,
  ): Promise<CometChatAnswer> {
    const headers = { apikey: this.apikey, ...request.headers };
    const answer = await this.connection.request({ ...request, headers });
    const { status, json } = answer;
    if (status >= 200 && status < 300 && json) return answer;
    const code = errorCodeOf(answer);
    if (status === 401 || status === 403 || code?.startsWith('AUTH_ERR_'))
      throw new CometChatKeyRefused(status, code);
    // Only CometChat's own error counts: a bare 404 may come from a proxy.
    if (code !== undefined && status >= 400 && status < 500 && status !== 429)
      throw new CometChatRefused(status, code);
    throw unavailable(answer);
  }
}
