import { ProviderUnavailable, SendAborted, type SendResult } from '../../domain/outcome.js';
import type { SinchSettings } from './sinch-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import type { CallbackReader } from '../callback.js';
import type { SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { retryAfterMs } from '../retry-after.js';
import { jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { sinchCallbacks } from './sinch-callbacks.js';
import { sinchVerdict } from './sinch-errors.js';

const ENDPOINT = 'https://us.sms.api.sinch.com';
/** Between Sinch's clock and ours: `expire_at` has to lie ahead by both. */
const CLOCK_SLACK_MS = 60_000;
/** Three days is the most that Sinch takes. */
const LONGEST_VALIDITY_MS = 259_200_000 - CLOCK_SLACK_MS;

/**
 * Sinch's SMS REST API, one batch a text.
 *
 * It has no idempotency key: where no answer came after the request was written, `mayHaveBeenSent` says so.
 * https://developers.sinch.com/docs/sms/api-reference/sms/batches/sendsms
 */
export class SinchProvider implements SmsProvider {
  readonly callbacks: CallbackReader;
  private readonly path: string;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly settings: Pick<
      SinchSettings,
      'servicePlanId' | 'apiToken' | 'from' | 'requestTimeoutMs' | 'signatureSecret' | 'callbackSecret'
    >,
    private readonly client: HttpClient,
  ) {
    this.callbacks = sinchCallbacks(settings);
    this.path = `/xms/v1/${encodeURIComponent(settings.servicePlanId)}/batches`;
    this.headers = {
      authorization: `Bearer ${settings.apiToken}`,
      'content-type': 'application/json',
      accept: 'application/json',
    };
  }

  async send(message: SmsMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const { status, headers, body } = await requestOf(this.client, {
      method: 'POST',
      path: this.path,
      headers: this.headers,
      body: JSON.stringify(this.batchOf(message)),
      timeoutMs: this.settings.requestTimeoutMs,
      signal,
    });
    const answer = jsonObject(body);
    if (status >= 200 && status < 300) {
      const id = answer?.['id'];
      if (typeof id === 'string') return { outcome: 'accepted', vendorMessageId: id };
      // It says yes and not to what: a proxy's page, or half an answer.
      throw new ProviderUnavailable({ vendorCode: 'invalid_answer', mayHaveBeenSent: true });
    }
    const code = codeIn(answer);
    const wait = retryAfterMs(headers['retry-after'], Date.now());
    return conclude(sinchVerdict(status, code), code ?? String(status), wait);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private batchOf({ address, text, reference, statusUrl, validForSeconds }: SmsMessage): object {
    const validForMs = Math.min(Math.max(validForSeconds * 1_000, CLOCK_SLACK_MS), LONGEST_VALIDITY_MS);
    return {
      type: 'mt_text',
      from: this.settings.from,
      to: [address.phno],
      body: text,
      ...parametersFor(text),
      expire_at: new Date(Date.now() + validForMs).toISOString(),
      client_reference: reference,
      // Reports that have nowhere to go are refused with the text.
      ...(statusUrl === undefined
        ? { delivery_report: 'none' }
        : { delivery_report: 'per_recipient', callback_url: statusUrl }),
    };
  }
}

export const sinch: SmsProviderFactory<SinchSettings> = {
  channel: 'sms',
  type: 'sinch',
  create: (settings) => {
    const { endpoint = ENDPOINT, ca } = settings;
    return new SinchProvider(settings, connectTo({ endpoint, ca }));
  },
};

/**
 * Sinch fills in `${name}` wherever it stands in a text, and fails the text where it has nothing to fill in. What
 * people write is not meant so: each placeholder stands for itself.
 * https://developers.sinch.com/docs/sms/resources/message-info/message-parameterization
 */
function parametersFor(text: string): { readonly parameters?: object } {
  const keys = [...text.matchAll(/\$\{([A-Za-z0-9._-]{1,16})\}/g)].flatMap(([, key]) => key ?? []);
  if (keys.length === 0) return {};
  return { parameters: Object.fromEntries(keys.map((key) => [key, { default: `\${${key}}` }])) };
}

/** A word of Sinch's; its sentences name the number. */
function codeIn(answer: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const code = answer?.['code'];
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined;
}
