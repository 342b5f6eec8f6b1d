import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { TelnyxSettings } from './telnyx-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import type { CallbackReader } from '../callback.js';
import type { Checked, SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { isObject, jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { telnyxCallbacks } from './telnyx-callbacks.js';
import { checkTelnyx } from './telnyx-check.js';
import { telnyxError, telnyxVerdict } from './telnyx-errors.js';

const ENDPOINT = 'https://api.telnyx.com';

/**
 * Telnyx's Messaging API.
 *
 * It has no client reference, lifetime or idempotency key, so after a lost response the SMS cannot be looked up.
 *
 * @see https://developers.telnyx.com/api-reference/messages/send-a-message
 */
export class TelnyxProvider implements SmsProvider {
  readonly callbacks: CallbackReader;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly settings: TelnyxSettings,
    private readonly client: HttpClient,
  ) {
    this.callbacks = telnyxCallbacks(settings);
    this.headers = {
      authorization: `Bearer ${settings.apiKey}`,
      'content-type': 'application/json',
      accept: 'application/json',
    };
  }

  async send(message: SmsMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const response = await requestOf(this.client, {
      method: 'POST',
      path: '/v2/messages',
      headers: this.headers,
      body: JSON.stringify(this.body(message)),
      timeoutMs: this.settings.requestTimeoutMs,
      signal,
    });
    const { status, body } = response;
    const answer = jsonObject(body);
    if (status >= 200 && status < 300) {
      const data = answer?.['data'];
      const id = isObject(data) ? data['id'] : undefined;
      if (typeof id === 'string' && id !== '') return acceptedAs(id, response);
      // 2xx without an id: a proxy page or a truncated body.
      throw invalidAnswer(response);
    }
    const { code, pointer } = telnyxError(answer);
    return conclude(telnyxVerdict(status, code, pointer), code ?? String(status), answerOf(response));
  }

  check(signal: AbortSignal): Promise<Checked> {
    return checkTelnyx(this.client, this.settings, signal);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private body({ address, text, statusUrl }: SmsMessage): Readonly<Record<string, unknown>> {
    const { from, messagingProfileId } = this.settings;
    return {
      to: address.phno,
      ...(from === undefined ? {} : { from }),
      ...(messagingProfileId === undefined ? {} : { messaging_profile_id: messagingProfileId }),
      text,
      type: 'SMS',
      ...(statusUrl === undefined ? {} : { webhook_url: statusUrl }),
    };
  }
}

export const telnyx: SmsProviderFactory<TelnyxSettings> = {
  channel: 'sms',
  type: 'telnyx',
  endpointsOf: ({ endpoint = ENDPOINT }) => [endpoint],
  create: (settings) => {
    const { endpoint = ENDPOINT, ca } = settings;
    return new TelnyxProvider(settings, connectTo({ endpoint, ca }));
  },
};
