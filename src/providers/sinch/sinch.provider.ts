import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { SinchSettings } from './sinch-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import type { CallbackReader } from '../callback.js';
import type { Checked, SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { sinchCallbacks } from './sinch-callbacks.js';
import { checkSinch } from './sinch-check.js';
import { sinchCode, sinchVerdict } from './sinch-errors.js';

const ENDPOINT = 'https://us.sms.api.sinch.com';
/** Allowance for clock differences: `expire_at` must be in the future on both clocks. */
const CLOCK_SLACK_MS = 60_000;
/** Sinch accepts at most three days. */
const MAX_VALIDITY_MS = 259_200_000 - CLOCK_SLACK_MS;

/**
 * Sinch's SMS REST API, one batch per SMS.
 *
 * The API has no idempotency key, hence `mayHaveBeenSent` after a lost response.
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
    const response = await requestOf(this.client, {
      method: 'POST',
      path: this.path,
      headers: this.headers,
      body: JSON.stringify(this.batchOf(message)),
      timeoutMs: this.settings.requestTimeoutMs,
      signal,
    });
    const { status, body } = response;
    const answer = jsonObject(body);
    if (status >= 200 && status < 300) {
      const id = answer?.['id'];
      if (typeof id === 'string') return acceptedAs(id, response);
      // 2xx without an id: a proxy page or a truncated body.
      throw invalidAnswer(response);
    }
    const code = sinchCode(answer);
    return conclude(sinchVerdict(status, code), code ?? String(status), answerOf(response));
  }

  check(signal: AbortSignal): Promise<Checked> {
    const { path, headers } = this;
    return checkSinch(this.client, { ...this.settings, path: `${path}/dry_run`, headers }, signal);
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private batchOf({ address, text, reference, statusUrl, validForSeconds }: SmsMessage): object {
    const validForMs = Math.min(Math.max(validForSeconds * 1_000, CLOCK_SLACK_MS), MAX_VALIDITY_MS);
    return {
      type: 'mt_text',
      from: this.settings.from,
      to: [address.phno],
      body: text,
      ...parametersFor(text),
      expire_at: new Date(Date.now() + validForMs).toISOString(),
      client_reference: reference,
      // Sinch refuses the SMS if reports are requested without a URL.
      ...(statusUrl === undefined
        ? { delivery_report: 'none' }
        : { delivery_report: 'per_recipient', callback_url: statusUrl }),
    };
  }
}

export const sinch: SmsProviderFactory<SinchSettings> = {
  channel: 'sms',
  type: 'sinch',
  endpointsOf: ({ endpoint = ENDPOINT }) => [endpoint],
  create: (settings) => {
    const { endpoint = ENDPOINT, ca } = settings;
    return new SinchProvider(settings, connectTo({ endpoint, ca }));
  },
};

/**
 * Sinch substitutes `${name}` and fails an SMS that lacks its value. User content must stay unchanged, so each
 * placeholder is defined as itself.
 * https://developers.sinch.com/docs/sms/resources/message-info/message-parameterization
 */
function parametersFor(text: string): { readonly parameters?: object } {
  const keys = [...text.matchAll(/\$\{([A-Za-z0-9._-]{1,16})\}/g)].flatMap(([, key]) => key ?? []);
  if (keys.length === 0) return {};
  return { parameters: Object.fromEntries(keys.map((key) => [key, { default: `\${${key}}` }])) };
}
