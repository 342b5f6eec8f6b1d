import { SendAborted, type SendResult } from '../../domain/outcome.js';
import type { VonageSettings } from './vonage-settings.js';
import { connectTo } from '../http-client/connect-to.js';
import type { HttpClient } from '../http-client/http-client.js';
import type { CallbackReader } from '../callback.js';
import type { Checked, LookUp, SendContext, SmsMessage, SmsProvider } from '../provider.js';
import type { SmsProviderFactory } from '../provider-factory.js';
import { acceptedAs, answerOf, invalidAnswer } from '../vendor-answer.js';
import { isObject, jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { vonageCallbacks } from './vonage-callbacks.js';
import { checkVonage } from './vonage-check.js';
import { vonageVerdict } from './vonage-errors.js';
import { VonageReports } from './vonage-reports.js';

const ENDPOINT = 'https://rest.nexmo.com';
const REPORTS_ENDPOINT = 'https://api.nexmo.com';
/** Limits of `ttl`: 20 seconds to a week. */
const MIN_TTL_MS = 20_000;
const MAX_TTL_MS = 604_800_000;

/**
 * Vonage's SMS API.
 *
 * Vonage splits a long SMS and returns a result per part. The id of the first accepted part stands for the whole;
 * delivery reports of the others have their own ids and our reference as `client-ref`.
 *
 * @see https://developer.vonage.com/en/api/sms
 */
export class VonageProvider implements SmsProvider {
  readonly callbacks: CallbackReader;
  private readonly reports: VonageReports;

  constructor(
    private readonly settings: VonageSettings,
    private readonly client: HttpClient,
    private readonly reportsClient: HttpClient,
  ) {
    this.callbacks = vonageCallbacks(settings);
    this.reports = new VonageReports(settings, reportsClient);
  }

  async send(message: SmsMessage, { signal }: SendContext): Promise<SendResult> {
    if (signal.aborted) throw new SendAborted();
    const response = await requestOf(this.client, {
      method: 'POST',
      path: '/sms/json',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: this.form(message).toString(),
      timeoutMs: this.settings.requestTimeoutMs,
      signal,
    });
    const { status, body } = response;
    const parts = partsOf(body);
    const accepted = parts.filter((part) => part['status'] === '0');
    const id = accepted
      .map((part) => part['message-id'])
      .find((each) => typeof each === 'string' && each !== '');
    if (typeof id === 'string') return acceptedAs(id, response);
    const code = parts.map((part) => part['status']).find((each) => typeof each === 'string');
    const isOk = status >= 200 && status < 300;
    if (accepted.length > 0 || (isOk && code === undefined)) {
      // 2xx without a usable part: a proxy page or a truncated body.
      throw invalidAnswer(response);
    }
    return conclude(vonageVerdict(status, code), code ?? String(status), answerOf(response));
  }

  lookUp(message: SmsMessage, sentAt: Date, context: SendContext): Promise<LookUp> {
    return this.reports.find(message, sentAt, context);
  }

  check(signal: AbortSignal): Promise<Checked> {
    return checkVonage(this.client, this.settings, signal);
  }

  async close(): Promise<void> {
    await Promise.all([this.client.close(), this.reportsClient.close()]);
  }

  private form(message: SmsMessage): URLSearchParams {
    const { apiKey, apiSecret, from } = this.settings;
    const { address, text, encoding, reference, statusUrl, validForSeconds } = message;
    const ttlMs = Math.min(Math.max(validForSeconds * 1_000, MIN_TTL_MS), MAX_TTL_MS);
    const form = new URLSearchParams({
      api_key: apiKey,
      api_secret: apiSecret,
      to: withoutPlus(address.phno),
      text,
      type: encoding === 'ucs2' ? 'unicode' : 'text',
      ttl: String(ttlMs),
      'client-ref': reference,
    });
    if (from !== undefined) form.set('from', withoutPlus(from));
    if (statusUrl !== undefined) form.set('callback', statusUrl);
    return form;
  }
}

export const vonage: SmsProviderFactory<VonageSettings> = {
  channel: 'sms',
  type: 'vonage',
  endpointsOf: ({ endpoint }) => (endpoint === undefined ? [ENDPOINT, REPORTS_ENDPOINT] : [endpoint]),
  create: (settings) => {
    const { endpoint, ca } = settings;
    const client = connectTo({ endpoint: endpoint ?? ENDPOINT, ca });
    const reports = endpoint === undefined ? connectTo({ endpoint: REPORTS_ENDPOINT, ca }) : client;
    return new VonageProvider(settings, client, reports);
  },
};

/** Vonage expects numbers without plus; names have none. */
function withoutPlus(sender: string): string {
  return sender.replace(/^\+/, '');
}

function partsOf(body: string): readonly Readonly<Record<string, unknown>>[] {
  const parts = jsonObject(body)?.['messages'];
  return Array.isArray(parts) ? parts.filter(isObject) : [];
}
