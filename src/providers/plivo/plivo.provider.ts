import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { PlivoSettings } from './plivo-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient, HttpResponse } from '../http-client/http-client.js';
import type { CallbackReader } from '../callback.js';
import type { Checked, SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { plivoCallbacks } from './plivo-callbacks.js';
import { checkPlivo } from './plivo-check.js';
import { PLIVO_WORDS, plivoError } from './plivo-errors.js';

const ENDPOINT = 'https://api.plivo.com';
/** Limits of `message_expiry`. */
const MIN_EXPIRY_SECONDS = 5;
const MAX_EXPIRY_SECONDS = 10_799;

/**
 * Plivo's Message API.
 *
 * It has no client reference and no idempotency key, so after a lost response the SMS cannot be looked up.
 *
 * @see https://www.plivo.com/docs/messaging/api/message/send-a-message
 */
export class PlivoProvider implements SmsProvider {
  readonly callbacks: CallbackReader;
  private readonly path: string;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly settings: PlivoSettings,
    private readonly client: HttpClient,
  ) {
    const { authId, authToken } = settings;
    this.callbacks = plivoCallbacks(settings);
    this.path = `/v1/Account/${encodeURIComponent(authId)}/Message/`;
    this.headers = {
      authorization: `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`,
      accept: 'application/json',
    };
  }

  async send(message: SmsMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const number = withoutPlus(message.address.phno);
    const response = await requestOf(this.client, {
      method: 'POST',
      path: this.path,
      headers: { ...this.headers, 'content-type': 'application/json' },
      body: JSON.stringify(this.body(message)),
      timeoutMs: this.settings.requestTimeoutMs,
      signal,
    });
    const { status, body } = response;
    const answer = jsonObject(body);
    if (status >= 200 && status < 300) return resultOf(answer, response);
    const words = answer?.['error'];
    const { verdict, code } = plivoError(status, typeof words === 'string' ? words : '', number);
    return conclude(verdict, code, answerOf(response));
  }

  check(signal: AbortSignal): Promise<Checked> {
    return checkPlivo(this.client, this.settings, this.headers, signal);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private body({ address, text, statusUrl, validForSeconds }: SmsMessage): Readonly<Record<string, unknown>> {
    const { from } = this.settings;
    return {
      ...(from === undefined ? {} : { src: withoutPlus(from) }),
      dst: withoutPlus(address.phno),
      text,
      type: 'sms',
      message_expiry: Math.min(Math.max(validForSeconds, MIN_EXPIRY_SECONDS), MAX_EXPIRY_SECONDS),
      ...(statusUrl === undefined ? {} : { url: statusUrl, method: 'POST' }),
    };
  }
}

export const plivo: SmsProviderFactory<PlivoSettings> = {
  channel: 'sms',
  type: 'plivo',
  endpointsOf: ({ endpoint = ENDPOINT }) => [endpoint],
  create: (settings) => {
    const { endpoint = ENDPOINT, ca } = settings;
    return new PlivoProvider(settings, connectTo({ endpoint, ca }));
  },
};

function resultOf(answer: Readonly<Record<string, unknown>> | undefined, response: HttpResponse): SendResult {
  const ids: unknown = answer?.['message_uuid'];
  const id: unknown = Array.isArray(ids) ? ids[0] : undefined;
  if (typeof id === 'string' && id !== '') return acceptedAs(id, response);
  const invalid = answer?.['invalid_number'];
  if (Array.isArray(invalid) && invalid.length > 0) {
    return conclude(PLIVO_WORDS.invalid_number, 'invalid_number', answerOf(response));
  }
  // 2xx without an id: a proxy page or a truncated body.
  throw invalidAnswer(response);
}

function withoutPlus(sender: string): string {
  return sender.replace(/^\+/, '');
}
