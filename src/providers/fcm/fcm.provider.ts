import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { FcmSettings } from './fcm-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import { AccessTokens } from '../access-tokens.js';
import type { Checked, PushMessage, PushProvider, SendContext } from '../provider.js';
import type { PushProviderFactory } from '../provider-factory.js';
import { requestOf } from '../vendor-request.js';
import { readFcmAnswer } from './fcm-answer.js';
import { checkFcm } from './fcm-check.js';
import { parseServiceAccount, tokensOfMachine, tokensOfServiceAccount } from './google-credential.js';

const ENDPOINT = 'https://fcm.googleapis.com';
const TOKEN_ENDPOINT = 'https://oauth2.googleapis.com/token';

export interface FcmParts {
  readonly projectId: string;
  readonly timeoutMs: number;
  readonly client: HttpClient;
  readonly tokens: AccessTokens;
  /** Closed together with `client`. */
  readonly tokenClient?: HttpClient | undefined;
}

/** Firebase Cloud Messaging, HTTP v1 API. */
export class FcmProvider implements PushProvider {
  private readonly path: string;

  constructor(private readonly parts: FcmParts) {
    this.path = `/v1/projects/${encodeURIComponent(parts.projectId)}/messages:send`;
  }

  async send({ address, payload }: PushMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const { client, tokens, timeoutMs } = this.parts;
    const accessToken = await tokens.get(signal);
    const response = await requestOf(client, {
      method: 'POST',
      path: this.path,
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ message: { ...payload, token: address.token } }),
      timeoutMs,
      signal,
    });
    return readFcmAnswer(response, accessToken, tokens);
  }

  check(signal: AbortSignal): Promise<Checked> {
    return checkFcm(this.parts, this.path, signal);
  }

  async close(): Promise<void> {
    await Promise.all([this.parts.client.close(), this.parts.tokenClient?.close()]);
  }
}

export const fcm: PushProviderFactory<FcmSettings> = {
  channel: 'push',
  type: 'fcm',
  transports: ['fcm'],
  endpointsOf: ({ endpoint = ENDPOINT, serviceAccount, tokenEndpoint = TOKEN_ENDPOINT }) =>
    serviceAccount === undefined ? [endpoint] : [endpoint, tokenEndpoint],
  create,
};

function create(settings: FcmSettings): FcmProvider {
  const { endpoint = ENDPOINT, ca, requestTimeoutMs: timeoutMs } = settings;
  if (settings.serviceAccount === undefined) {
    if (settings.projectId === undefined)
      throw new Error('projectId is required, unless serviceAccount is set');
    if (settings.tokenEndpoint !== undefined) throw new Error('tokenEndpoint needs serviceAccount');
    const tokens = new AccessTokens({ fetch: tokensOfMachine(timeoutMs) });
    return new FcmProvider({
      projectId: settings.projectId,
      timeoutMs,
      client: connectTo({ endpoint, ca, protocol: 'h2' }),
      tokens,
    });
  }
  const account = parseServiceAccount(settings.serviceAccount);
  const tokenUrl = new URL(settings.tokenEndpoint ?? TOKEN_ENDPOINT);
  const tokenClient = connectTo({ endpoint: tokenUrl.origin, ca });
  const path = tokenUrl.pathname === '/' ? '/token' : tokenUrl.pathname;
  const fetch = tokensOfServiceAccount(account, { client: tokenClient, path, timeoutMs });
  return new FcmProvider({
    projectId: settings.projectId ?? account.project_id,
    timeoutMs,
    client: connectTo({ endpoint, ca, protocol: 'h2' }),
    tokens: new AccessTokens({ fetch }),
    tokenClient,
  });
}
