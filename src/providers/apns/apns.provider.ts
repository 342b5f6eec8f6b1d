import { ProviderUnavailable, SendAborted, type Refused, type SendResult } from '../../domain/outcome.js';
import type { ApnsSettings } from './apns-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient, HttpResponse } from '../http-client/http-client.js';
import type { PushMessage, PushProvider, SendContext } from '../provider.js';
import type { PushProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { apnsVerdict } from './apns-errors.js';
import { signingKeyOf, type SigningKey } from './signing-key.js';
import { TokenConnections } from './token-connections.js';

const ENDPOINTS = {
  production: 'https://api.push.apple.com',
  sandbox: 'https://api.sandbox.push.apple.com',
} as const;

/** Reasons that a new provider token may resolve. */
const TOKEN_REASONS: ReadonlySet<string> = new Set(['ExpiredProviderToken', 'InvalidProviderToken']);

export interface ApnsParts {
  readonly connections: TokenConnections;
  readonly signingKey: SigningKey;
  readonly bundleId: string;
  readonly timeoutMs: number;
}

/** Apple Push Notification service, one environment of an app. All attempts use the delivery's id as `apns-id`. */
export class ApnsProvider implements PushProvider {
  constructor(private readonly parts: ApnsParts) {}

  async send({ address, payload, headers }: PushMessage, context: SendContext): Promise<SendResult> {
    const { deliveryId, signal } = context;
    if (signal.aborted) throw new SendAborted();
    const { connections, signingKey, bundleId, timeoutMs } = this.parts;
    const token = signingKey.token();
    const client = connections.of(token);
    const answer = await requestOf(client, {
      method: 'POST',
      path: `/3/device/${encodeURIComponent(address.token)}`,
      headers: {
        ...headers,
        authorization: `bearer ${token}`,
        'apns-id': deliveryId,
        'apns-topic': address.transport === 'apns-voip' ? `${bundleId}.voip` : bundleId,
        'content-type': 'application/json',
      },
      body: JSON.stringify(payload),
      timeoutMs,
      signal,
    });
    if (answer.status >= 200 && answer.status < 300) {
      const id = answer.headers['apns-id'];
      // 2xx without an id: a proxy page.
      if (typeof id !== 'string' || id === '') throw invalidAnswer(answer);
      return acceptedAs(id, answer, uniqueIdIn(answer));
    }
    const refused = this.refusal(answer, token, client);
    return refused.vendorCode === 'BadDeviceToken' ? { ...refused, environmentMayBeWrong: true } : refused;
  }

  close(): Promise<void> {
    return this.parts.connections.close();
  }

  private refusal(response: HttpResponse, token: string, client: HttpClient): Refused {
    const { status, body } = response;
    const error = jsonObject(body);
    const reason = typeof error?.['reason'] === 'string' ? error['reason'] : undefined;
    const code = reason ?? String(status);
    const given = answerOf(response, uniqueIdIn(response));
    if (reason !== undefined && TOKEN_REASONS.has(reason) && this.parts.signingKey.refused(token)) {
      throw new ProviderUnavailable({ vendorCode: code, answer: given });
    }
    if (reason === 'TooManyProviderTokenUpdates') this.parts.connections.replace(client);
    const refused = conclude(apnsVerdict(status, reason), code, given);
    const since = error?.['timestamp'];
    // In milliseconds. Later registrations remain valid, so a timestamp in the future is capped.
    return typeof since === 'number' && since > 0
      ? { ...refused, deadSince: new Date(Math.min(since, Date.now())) }
      : refused;
  }
}

/**
 * The id by which Apple's console finds a push; Apple returns it in the sandbox environment.
 * https://developer.apple.com/documentation/usernotifications/handling-notification-responses-from-apns
 */
function uniqueIdIn({ headers }: HttpResponse): string | undefined {
  const id = headers['apns-unique-id'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}

export const apns: PushProviderFactory<ApnsSettings> = {
  channel: 'push',
  type: 'apns',
  transports: ['apns', 'apns-voip'],
  environmentOf: ({ environment }) => environment,
  create: (settings) => {
    const { environment, endpoint = ENDPOINTS[environment], ca, bundleId } = settings;
    const signingKey = signingKeyOf(settings);
    const connections = new TokenConnections(() => connectTo({ endpoint, ca, protocol: 'h2' }));
    return new ApnsProvider({ connections, signingKey, bundleId, timeoutMs: settings.requestTimeoutMs });
  },
};
