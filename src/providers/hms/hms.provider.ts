import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { HmsSettings } from './hms-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import { AccessTokens } from '../access-tokens.js';
import type { Checked, PushMessage, PushProvider, SendContext } from '../provider.js';
import type { PushProviderFactory } from '../provider-factory.js';
import { requestOf } from '../vendor-request.js';
import { tokensOfClient } from './client-credentials.js';
import { readHmsAnswer } from './hms-answer.js';
import { checkHms } from './hms-check.js';

const ENDPOINT = 'https://push-api.cloud.huawei.com';
const TOKEN_ENDPOINT = 'https://oauth-login.cloud.huawei.com/oauth2/v3/token';

export interface HmsParts {
  readonly appId: string;
  readonly timeoutMs: number;
  readonly client: HttpClient;
  readonly tokens: AccessTokens;
  /** Closed together with `client`. */
  readonly tokenClient: HttpClient;
}

/** Huawei Push Kit, for phones without Google services. */
export class HmsProvider implements PushProvider {
  private readonly path: string;

  constructor(private readonly parts: HmsParts) {
    this.path = `/v1/${parts.appId}/messages:send`;
  }

  async send({ address, payload }: PushMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const { client, tokens, timeoutMs } = this.parts;
    const accessToken = await tokens.get(signal);
    const response = await requestOf(client, {
      method: 'POST',
      path: this.path,
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json; charset=UTF-8' },
      body: JSON.stringify({ message: { ...payload, token: [address.token] } }),
      timeoutMs,
      signal,
    });
    return readHmsAnswer(response, accessToken, tokens);
  }

  check(signal: AbortSignal): Promise<Checked> {
    return checkHms(this.parts, this.path, signal);
  }

  async close(): Promise<void> {
    await Promise.all([this.parts.client.close(), this.parts.tokenClient.close()]);
  }
}

export const hms: PushProviderFactory<HmsSettings> = {
  channel: 'push',
  type: 'hms',
  transports: ['hms'],
  endpointsOf: ({ endpoint = ENDPOINT, tokenEndpoint = TOKEN_ENDPOINT }) => [endpoint, tokenEndpoint],
  create: (settings) => {
    const { endpoint = ENDPOINT, ca, appId, appSecret, requestTimeoutMs: timeoutMs } = settings;
    const tokenUrl = new URL(settings.tokenEndpoint ?? TOKEN_ENDPOINT);
    const tokenClient = connectTo({ endpoint: tokenUrl.origin, ca });
    const path = tokenUrl.pathname === '/' ? '/oauth2/v3/token' : tokenUrl.pathname;
    const fetch = tokensOfClient({ client: tokenClient, path, appId, appSecret, timeoutMs });
    return new HmsProvider({
      appId,
      timeoutMs,
      client: connectTo({ endpoint, ca }),
      tokens: new AccessTokens({ fetch }),
      tokenClient,
    });
  },
};
