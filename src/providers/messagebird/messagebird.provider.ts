import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { MessageBirdSettings } from './messagebird-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import type { CallbackReader } from '../callback.js';
import type { Checked, SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { messageBirdCallbacks } from './messagebird-callbacks.js';
import { checkMessageBird } from './messagebird-check.js';
import { readMessageBirdError } from './messagebird-errors.js';

const ENDPOINT = 'https://rest.messagebird.com';

/**
 * MessageBird's SMS API; MessageBird has been called Bird since 2024.
 *
 * Only messages with a `reference` are reported on. The reference cannot be searched for, so after a lost response the
 * SMS cannot be looked up.
 *
 * @see https://developers.messagebird.com/api/sms-messaging/#send-outbound-sms
 */
export class MessageBirdProvider implements SmsProvider {
  readonly callbacks: CallbackReader;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly settings: MessageBirdSettings,
    private readonly client: HttpClient,
  ) {
    this.callbacks = messageBirdCallbacks(settings);
    this.headers = {
      authorization: `AccessKey ${settings.accessKey}`,
      'content-type': 'application/json',
      accept: 'application/json',
    };
  }

  async send(message: SmsMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const response = await requestOf(this.client, {
      method: 'POST',
      path: '/messages',
      headers: this.headers,
      body: JSON.stringify(this.body(message)),
      timeoutMs: this.settings.requestTimeoutMs,
      signal,
    });
    const { status, body } = response;
    const answer = jsonObject(body);
    if (status >= 200 && status < 300) {
      const id = answer?.['id'];
      if (typeof id === 'string' && id !== '') return acceptedAs(id, response);
      // 2xx without an id: a proxy page or a truncated body.
      throw invalidAnswer(response);
    }
    const { verdict, vendorCode } = readMessageBirdError(status, answer);
    return conclude(verdict, vendorCode, answerOf(response));
  }

  check(signal: AbortSignal): Promise<Checked> {
    return checkMessageBird(this.client, this.settings, signal);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private body({
    address,
    text,
    encoding,
    reference,
    statusUrl,
    validForSeconds,
  }: SmsMessage): Readonly<Record<string, unknown>> {
    const { from } = this.settings;
    return {
      ...(from === undefined ? {} : { originator: from.replace(/^\+/, '') }),
      recipients: [address.phno.replace('+', '')],
      body: text,
      type: 'sms',
      datacoding: encoding === 'ucs2' ? 'unicode' : 'plain',
      reference,
      validity: validForSeconds,
      ...(statusUrl === undefined ? {} : { reportUrl: statusUrl }),
    };
  }
}

export const messagebird: SmsProviderFactory<MessageBirdSettings> = {
  channel: 'sms',
  type: 'messagebird',
  endpointsOf: ({ endpoint = ENDPOINT }) => [endpoint],
  create: (settings) => {
    const { endpoint = ENDPOINT, ca } = settings;
    return new MessageBirdProvider(settings, connectTo({ endpoint, ca }));
  },
};
