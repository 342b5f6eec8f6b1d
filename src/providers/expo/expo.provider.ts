import { ProviderUnavailable, SendAborted, type SendResult } from '../../domain/outcome.js';
import type { ExpoSettings } from './expo-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import type { PushMessage, PushProvider, SendContext } from '../provider.js';
import type { PushProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { isObject, jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { expoVerdict } from './expo-errors.js';

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
    const response = await requestOf(this.client, {
      method: 'POST',
      path: PATH,
      headers: this.headers,
      body: JSON.stringify({ ...payload, to: address.token }),
      timeoutMs: this.settings.requestTimeoutMs,
      signal,
    });
    const { status, body } = response;
    const answer = jsonObject(body);
    const ticket = ticketIn(answer);
    if (status >= 200 && status < 300) {
      if (ticket?.['status'] === 'ok' && typeof ticket['id'] === 'string')
        return acceptedAs(ticket['id'], response);
      // 2xx without a ticket: a proxy page or a truncated body.
      if (ticket?.['status'] !== 'error' && !Array.isArray(answer?.['errors']))
        throw invalidAnswer(response);
    }
    const code = codeIn(answer, ticket);
    return conclude(expoVerdict(status, code), code ?? String(status), answerOf(response));
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

export const expo: PushProviderFactory<ExpoSettings> = {
  channel: 'push',
  type: 'expo',
  transports: ['expo'],
  create: (settings) => {
    const { endpoint = ENDPOINT, ca } = settings;
    return new ExpoProvider(connectTo({ endpoint, ca }), settings);
  },
};

type Json = Readonly<Record<string, unknown>>;

function ticketIn(answer: Json | undefined): Json | undefined {
  const data: unknown = answer?.['data'];
  const ticket: unknown = Array.isArray(data) ? data[0] : data;
  return isObject(ticket) ? ticket : undefined;
}

/** Only the code: Expo's messages contain the token. */
function codeIn(answer: Json | undefined, ticket: Json | undefined): string | undefined {
  const details = ticket?.['details'];
  const errors = answer?.['errors'];
  const [first] = Array.isArray(errors) ? errors.filter(isObject) : [];
  const code = isObject(details) ? details['error'] : first?.['code'];
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined;
}
