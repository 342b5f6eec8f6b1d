import { ProviderUnavailable, SendAborted, type SendResult } from '../../domain/outcome.js';
import type { FcmSettings } from './fcm-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import { AccessTokens } from '../access-tokens.js';
import type { PushMessage, PushProvider, SendContext } from '../provider.js';
import type { PushProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { readFcmError } from './fcm-errors.js';
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
    const { status, body } = response;
    if (status !== 401) tokens.accepted(accessToken);
    if (status >= 200 && status < 300) {
      const name = jsonObject(body)?.['name'];
      if (typeof name === 'string') return acceptedAs(name, response);
      // 2xx without a name: a proxy page or a truncated body.
      throw invalidAnswer(response);
    }
    const { code, verdict } = readFcmError(status, body);
    // The access token may have been revoked early: a new one shows whether the account is misconfigured.
    if (status === 401 && code !== 'THIRD_PARTY_AUTH_ERROR' && tokens.refused(accessToken)) {
      throw new ProviderUnavailable({ vendorCode: code, answer: answerOf(response) });
    }
    return conclude(verdict, code, answerOf(response));
  }

  async close(): Promise<void> {
    await Promise.all([this.parts.client.close(), this.parts.tokenClient?.close()]);
  }
}

export const fcm: PushProviderFactory<FcmSettings> = {
  channel: 'push',
  type: 'fcm',
  transports: ['fcm'],
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
