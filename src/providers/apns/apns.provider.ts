import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { ApnsSettings } from './apns-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { Checked, PushMessage, PushProvider, SendContext } from '../provider.js';
import type { PushProviderFactory } from '../provider-factory.js';
import { requestOf } from '../vendor-request.js';
import { readApnsAnswer, routeOf } from './apns-answer.js';
import { checkApns } from './apns-check.js';
import { signingKeyOf, type SigningKey } from './signing-key.js';
import { TokenConnections } from './token-connections.js';

const ENDPOINTS = {
  production: 'https://api.push.apple.com',
  sandbox: 'https://api.sandbox.push.apple.com',
} as const;

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
    const route = routeOf(signingKey, connections);
    const response = await requestOf(route.client, {
      method: 'POST',
      path: `/3/device/${encodeURIComponent(address.token)}`,
      headers: {
        ...headers,
        authorization: `bearer ${route.token}`,
        'apns-id': deliveryId,
        'apns-topic': address.transport === 'apns-voip' ? `${bundleId}.voip` : bundleId,
        'content-type': 'application/json',
      },
      body: JSON.stringify(payload),
      timeoutMs,
      signal,
    });
    return readApnsAnswer(response, route);
  }

  check(signal: AbortSignal): Promise<Checked> {
    return checkApns(this.parts, signal);
  }

  close(): Promise<void> {
    return this.parts.connections.close();
  }
}

export const apns: PushProviderFactory<ApnsSettings> = {
  channel: 'push',
  type: 'apns',
  transports: ['apns', 'apns-voip'],
  environmentOf: ({ environment }) => environment,
  endpointsOf: ({ environment, endpoint = ENDPOINTS[environment] }) => [endpoint],
  create: (settings) => {
    const { environment, endpoint = ENDPOINTS[environment], ca, bundleId } = settings;
    const signingKey = signingKeyOf(settings);
    const connections = new TokenConnections(() => connectTo({ endpoint, ca, protocol: 'h2' }));
    return new ApnsProvider({ connections, signingKey, bundleId, timeoutMs: settings.requestTimeoutMs });
  },
};
