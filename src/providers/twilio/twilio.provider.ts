import { ProviderUnavailable, SendAborted, type Refused, type SendResult } from '../../domain/outcome.js';
import type { TwilioSettings } from './twilio-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient, HttpResponse } from '../http-client/http-client.js';
import type { CallbackReader } from '../callback.js';
import type { Checked, LookUp, SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { twilioCallbacks } from './twilio-callbacks.js';
import { checkTwilio } from './twilio-check.js';
import { twilioVerdict } from './twilio-errors.js';
import { findIn, isPast, pageOf, type SoughtSms, type TwilioPage } from './twilio-look-up.js';

const ENDPOINT = 'https://api.twilio.com';
/** Twilio's maximum queue time: ten hours. */
const MAX_VALIDITY_SECONDS = 36_000;
/** Twilio allows up to 1,000. */
const PAGE_SIZE = 200;
/** Maximum pages of a lookup; a number that received more SMS in two days is not searched. */
const MAX_PAGES = 10;

/**
 * Twilio Programmable Messaging.
 *
 * The API has no idempotency key: a retry after a lost response may send the SMS twice, hence `mayHaveBeenSent`.
 * `lookUp` finds out whether it was sent. https://www.twilio.com/docs/messaging/api/message-resource
 */
export class TwilioProvider implements SmsProvider {
  readonly callbacks: CallbackReader;
  private readonly path: string;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly settings: TwilioSettings,
    private readonly client: HttpClient,
  ) {
    const { accountSid, authToken, apiKeySid, apiKeySecret } = settings;
    const [user, password] = apiKeySid === undefined ? [accountSid, authToken] : [apiKeySid, apiKeySecret];
    this.callbacks = twilioCallbacks(settings);
    this.path = `/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`;
    this.headers = {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      accept: 'application/json',
    };
  }

  async send(message: SmsMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const response = await requestOf(this.client, {
      method: 'POST',
      path: this.path,
      headers: { ...this.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: this.formOf(message).toString(),
      timeoutMs: this.settings.requestTimeoutMs,
      signal,
    });
    const answer = jsonObject(response.body);
    const isOk = isSuccess(response);
    const code = numberIn(answer, isOk ? 'error_code' : 'code');
    if (isOk && code === undefined) {
      const sid = answer?.['sid'];
      if (typeof sid === 'string') return acceptedAs(sid, response);
      // 2xx without a SID: a proxy page or a truncated body.
      throw invalidAnswer(response);
    }
    return concludeFrom(response, code);
  }

  /**
   * Searches the messages sent to the number. The list is not filtered by `DateSent`: queued messages have none and
   * would be missing.
   */
  async lookUp(message: SmsMessage, sentAt: Date, { signal }: SendContext): Promise<LookUp> {
    const { from, messagingServiceSid, requestTimeoutMs: timeoutMs } = this.settings;
    const { phno: to } = message.address;
    const sought: SoughtSms = { to, text: message.text, from, messagingServiceSid, sentAt, timeoutMs };
    const query = new URLSearchParams({ To: to, PageSize: String(PAGE_SIZE) });
    const pages: TwilioPage[] = [];
    for (let next: string | null = `${this.path}?${query.toString()}`; next !== null;) {
      if (pages.length === MAX_PAGES) throw new ProviderUnavailable({ vendorCode: 'too_many_messages' });
      const page = await this.page(next, sought, signal);
      pages.push(page);
      next = isPast(page, sought) ? null : page.next;
    }
    const found = findIn(
      pages.flatMap(({ messages }) => messages),
      sought,
    );
    if (!found) throw new ProviderUnavailable({ vendorCode: 'redacted' });
    return found;
  }

  check(signal: AbortSignal): Promise<Checked> {
    return checkTwilio(this.client, this.settings, this.headers, signal);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private formOf({ address, text, statusUrl, validForSeconds }: SmsMessage): URLSearchParams {
    const { from, messagingServiceSid } = this.settings;
    const form = new URLSearchParams({ To: address.phno, Body: text });
    if (messagingServiceSid !== undefined) form.set('MessagingServiceSid', messagingServiceSid);
    if (from !== undefined) form.set('From', from);
    if (statusUrl !== undefined) form.set('StatusCallback', statusUrl);
    const validity = Math.min(Math.max(Math.floor(validForSeconds), 1), MAX_VALIDITY_SECONDS);
    form.set('ValidityPeriod', String(validity));
    return form;
  }

  private async page(path: string, sought: SoughtSms, signal: AbortSignal): Promise<TwilioPage> {
    if (signal.aborted) throw new SendAborted();
    const { headers } = this;
    const { requestTimeoutMs: timeoutMs } = this.settings;
    const response = await requestOf(this.client, { method: 'GET', path, headers, timeoutMs, signal });
    const answer = jsonObject(response.body);
    if (isSuccess(response)) {
      const page = pageOf(answer, sought, this.path);
      if (page) return page;
      throw new ProviderUnavailable({ vendorCode: 'invalid_answer' });
    }
    const { vendorCode } = concludeFrom(response, numberIn(answer, 'code'));
    // A refused lookup says nothing about the SMS.
    throw new ProviderUnavailable({ vendorCode });
  }
}

export const twilio: SmsProviderFactory<TwilioSettings> = {
  channel: 'sms',
  type: 'twilio',
  endpointsOf: ({ endpoint = ENDPOINT }) => [endpoint],
  create: (settings) => {
    const { endpoint = ENDPOINT, ca } = settings;
    return new TwilioProvider(settings, connectTo({ endpoint, ca }));
  },
};

const isSuccess = ({ status }: HttpResponse): boolean => status >= 200 && status < 300;

function concludeFrom(response: HttpResponse, code: number | undefined): Refused {
  const { status } = response;
  return conclude(twilioVerdict(status, code), String(code ?? status), answerOf(response));
}

function numberIn(answer: Readonly<Record<string, unknown>> | undefined, key: string): number | undefined {
  const value = answer?.[key];
  return typeof value === 'number' ? value : undefined;
}
