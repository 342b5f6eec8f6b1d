import { SendAborted, type SendResult } from '../../domain/outcome.js';
import { pushServiceOrigin } from '../../domain/push-service.js';
import type { WebPushSettings } from './web-push-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpResponse } from '../http-client/http-client.js';
import type { Checked, PushMessage, PushProvider, SendContext } from '../provider.js';
import type { PushProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject, requestOf } from '../vendor-request.js';
import { conclude, refuse } from '../verdict.js';
import { encryptPush } from './encrypt-push.js';
import { PushServices } from './push-services.js';
import { Vapid, type VapidSettings } from './vapid.js';
import { checkWebPush } from './web-push-check.js';
import { webPushVerdict } from './web-push-errors.js';

export interface WebPushParts {
  readonly services: PushServices;
  readonly vapid: VapidSettings;
  readonly allowedEndpoints: readonly string[];
  readonly timeoutMs: number;
}

/** Push to browsers through the push service of each subscription (RFC 8030, 8291 and 8292). */
export class WebPushProvider implements PushProvider {
  constructor(private readonly parts: WebPushParts) {}

  async send({ address, payload, headers }: PushMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const { services, allowedEndpoints, timeoutMs } = this.parts;
    const origin = pushServiceOrigin(address.token, allowedEndpoints);
    // Not retired: the list of allowed endpoints may change again.
    if (origin === undefined) return conclude(refuse('token_invalid'), 'endpoint_not_allowed');
    const body = encrypted(payload, address.keys);
    if (body === undefined) return conclude(refuse('token_invalid'), 'invalid_keys');
    const { client, authorization } = services.at(origin);
    const { pathname, search } = new URL(address.token);
    const answer = await requestOf(client, {
      method: 'POST',
      path: pathname + search,
      headers: {
        ...headers,
        authorization: authorization.header(),
        'content-encoding': 'aes128gcm',
        'content-type': 'application/octet-stream',
        'content-length': String(body.length),
      },
      body,
      timeoutMs,
      signal,
    });
    const { status } = answer;
    if (status >= 200 && status < 300) return accepted(answer);
    const reason = jsonObject(answer.body)?.['reason'];
    const word = typeof reason === 'string' && /^[A-Za-z]{1,40}$/.test(reason) ? reason : undefined;
    return conclude(webPushVerdict(status, word), word ?? String(status), answerOf(answer));
  }

  async check(): Promise<Checked> {
    return checkWebPush(this.parts.vapid);
  }

  close(): Promise<void> {
    return this.parts.services.close();
  }
}

const PUSH_SERVICES = [
  'https://fcm.googleapis.com',
  'https://updates.push.services.mozilla.com',
  'https://web.push.apple.com',
];

export const webpush: PushProviderFactory<WebPushSettings> = {
  channel: 'push',
  type: 'webpush',
  transports: ['webpush'],
  // The push services of Chrome, Firefox and Safari.
  endpointsOf: ({ endpoint }) => (endpoint === undefined ? PUSH_SERVICES : [endpoint]),
  create: (settings) => {
    const { endpoint, ca, allowedEndpoints, requestTimeoutMs: timeoutMs } = settings;
    const vapid = new Vapid(settings);
    const services = new PushServices((origin) => ({
      // `endpoint` replaces every push service, like a proxy; the token still names the service.
      client: connectTo({ endpoint: endpoint ?? origin, ca }),
      authorization: vapid.authorizationFor(origin),
    }));
    return new WebPushProvider({ services, vapid: settings, allowedEndpoints, timeoutMs });
  },
};

function encrypted(
  payload: PushMessage['payload'],
  keys: PushMessage['address']['keys'],
): Buffer | undefined {
  if (keys === undefined) return undefined;
  const plaintext = Buffer.from(JSON.stringify(payload));
  try {
    return encryptPush(plaintext, keys);
  } catch {
    return undefined; // not a point on the curve; registrations are checked for this
  }
}

/** RFC 8030 returns 201 with the message's URL; Apple and Windows return their own ids as well or instead. */
function accepted(response: HttpResponse): SendResult {
  const { status, headers } = response;
  const names = ['apns-id', 'x-wns-msg-id', 'location'];
  const id = names.map((name) => headers[name]).find((value) => typeof value === 'string' && value !== '');
  // 200 without a message id: a proxy page.
  if (id === undefined && status === 200) throw invalidAnswer(response);
  return acceptedAs(typeof id === 'string' ? id : null, response);
}
