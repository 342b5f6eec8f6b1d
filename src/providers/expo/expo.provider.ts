import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { ExpoSettings } from './expo-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient, HttpRequest } from '../http-client/http-client.js';
import type { Checked, PushMessage, PushProvider, SendContext } from '../provider.js';
import type { PushProviderFactory } from '../provider-factory.js';
import { requestOf } from '../vendor-request.js';
import { readExpoAnswer } from './expo-answer.js';
import { checkExpo } from './expo-check.js';

const ENDPOINT = 'https://exp.host';
const PATH = '/--/api/v2/push/send';

/**
 * Expo's push service, one push per request.
 *
 * A ticket means that Expo has the push. The result from FCM or APNs is in a push receipt, which is not fetched;
 * uninstalled apps are reported by the ticket of a later push.
 */
export class ExpoProvider implements PushProvider {
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly client: HttpClient,
    private readonly settings: Pick<ExpoSettings, 'accessToken' | 'requestTimeoutMs'>,
  ) {
    const { accessToken } = settings;
    this.headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
    };
  }

  async send({ address, payload }: PushMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const body = JSON.stringify({ ...payload, to: address.token });
    return readExpoAnswer(await requestOf(this.client, { ...this.post(signal), body }));
  }

  check(signal: AbortSignal): Promise<Checked> {
    return checkExpo(this.client, this.post(signal));
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private post(signal: AbortSignal): HttpRequest {
    const { headers, settings } = this;
    return { method: 'POST', path: PATH, headers, timeoutMs: settings.requestTimeoutMs, signal };
  }
}

export const expo: PushProviderFactory<ExpoSettings> = {
  channel: 'push',
  type: 'expo',
  transports: ['expo'],
  endpointsOf: ({ endpoint = ENDPOINT }) => [endpoint],
  create: (settings) => {
    const { endpoint = ENDPOINT, ca } = settings;
    return new ExpoProvider(connectTo({ endpoint, ca }), settings);
  },
};
