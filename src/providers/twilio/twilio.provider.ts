import { ProviderUnavailable, SendAborted, type SendResult } from '../../domain/outcome.js';
import type { TwilioSettings } from '../../platform/config/sms-provider-settings.js';
import { connectTo } from '../../platform/outbound/connect-to.js';
import type { OutboundClient } from '../../platform/outbound/outbound-client.js';
import type { SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { retryAfterMs } from '../retry-after.js';
import { jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { twilioVerdict } from './twilio-errors.js';

const ENDPOINT = 'https://api.twilio.com';

/**
 * Twilio Programmable Messaging.
 *
 * Its create call has no idempotency key: where no answer came after the request was written, a second try may send
 * the text twice, and `mayHaveBeenSent` says so.
 */
export class TwilioProvider implements SmsProvider {
  private readonly path: string;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly settings: TwilioSettings,
    private readonly client: OutboundClient,
  ) {
    const { accountSid, authToken, apiKeySid, apiKeySecret } = settings;
    const [user, password] = apiKeySid === undefined ? [accountSid, authToken] : [apiKeySid, apiKeySecret];
    this.path = `/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`;
    this.headers = {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
    };
  }

  async send({ address, text }: SmsMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const { from, messagingServiceSid, requestTimeoutMs: timeoutMs } = this.settings;
    const form = new URLSearchParams({ To: address.phno, Body: text });
    if (messagingServiceSid !== undefined) form.set('MessagingServiceSid', messagingServiceSid);
    if (from !== undefined) form.set('From', from);
    const { status, headers, body } = await requestOf(this.client, {
      method: 'POST',
      path: this.path,
      headers: this.headers,
      body: form.toString(),
      timeoutMs,
      signal,
    });
    const answer = jsonObject(body);
    const taken = status >= 200 && status < 300;
    const code = numberIn(answer, taken ? 'error_code' : 'code');
    if (taken && code === undefined) {
      const sid = answer?.['sid'];
      if (typeof sid === 'string') return { outcome: 'accepted', vendorMessageId: sid };
      // It says yes and not to what: a proxy's page, or half an answer.
      throw new ProviderUnavailable({ vendorCode: 'invalid_answer', mayHaveBeenSent: true });
    }
    const wait = retryAfterMs(headers['retry-after'], Date.now());
    return conclude(twilioVerdict(status, code), String(code ?? status), wait);
  }

  close(): Promise<void> {
    return this.client.close();
  }
}

export const twilio: SmsProviderFactory<TwilioSettings> = {
  channel: 'sms',
  type: 'twilio',
  create: (settings) => {
    const { endpoint = ENDPOINT, ca } = settings;
    return new TwilioProvider(settings, connectTo({ endpoint, ca }));
  },
};

function numberIn(answer: Readonly<Record<string, unknown>> | undefined, key: string): number | undefined {
  const value = answer?.[key];
  return typeof value === 'number' ? value : undefined;
}
