import {
  ProviderMisconfigured,
  ProviderOverQuota,
  ProviderUnavailable,
  SendAborted,
} from '../../domain/outcome.js';
import type { VonageSettings } from './vonage-settings.js';
import type { HttpClient } from '../http-client/http-client.js';
import type { LookUp, SendContext, SmsMessage } from '../provider.js';
import { retryAfterMs } from '../retry-after.js';
import { isObject, jsonObject, requestOf } from '../vendor-request.js';

const PATH = '/v2/reports/records';
/** Maximum difference between Vonage's clock and ours. */
const CLOCK_TOLERANCE_MS = 60_000;
/** Age from which a missing record counts as absent; Vonage does not document how soon records appear. */
const SETTLED_MS = 60_000;
/** Default wait after a 429. */
const RATE_WAIT_MS = 1_000;
/** Maximum pages of up to 1,000 records, all for one number within minutes. */
const MAX_PAGES = 5;

/**
 * Looks up an SMS with an unknown outcome by our reference in the records of Vonage's Reports API, which can be
 * filtered by number and time but not by `client_ref`.
 *
 * @see https://developer.vonage.com/en/api/reports
 */
export class VonageReports {
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly settings: VonageSettings,
    private readonly client: HttpClient,
  ) {
    const { apiKey, apiSecret } = settings;
    const credentials = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64');
    this.headers = { authorization: `Basic ${credentials}`, accept: 'application/json' };
  }

  async find({ address, reference }: SmsMessage, sentAt: Date, { signal }: SendContext): Promise<LookUp> {
    if (signal.aborted) throw new SendAborted();
    let query: string | undefined = this.query(address.phno, sentAt);
    for (let page = 0; page < MAX_PAGES && query !== undefined; page += 1) {
      const answer = await this.records(query, signal);
      for (const { message_id: vendorMessageId, client_ref: ref } of answer.records) {
        if (ref === reference && typeof vendorMessageId === 'string') return { found: true, vendorMessageId };
      }
      query = answer.next;
    }
    const ageMs = Date.now() - sentAt.getTime();
    if (query !== undefined || ageMs < SETTLED_MS) {
      throw new ProviderUnavailable({
        vendorCode: query === undefined ? 'not_settled' : 'too_many_records',
        retryAfterMs: Math.max(SETTLED_MS - ageMs, RATE_WAIT_MS),
      });
    }
    return { found: false };
  }

  private query(phno: string, sentAt: Date): string {
    const from = sentAt.getTime() - CLOCK_TOLERANCE_MS;
    const until = sentAt.getTime() + this.settings.requestTimeoutMs + CLOCK_TOLERANCE_MS;
    return new URLSearchParams({
      account_id: this.settings.apiKey,
      product: 'SMS',
      direction: 'outbound',
      to: phno.replace('+', ''),
      date_start: new Date(from).toISOString(),
      date_end: new Date(Math.min(until, Date.now())).toISOString(),
    }).toString();
  }

  private async records(
    query: string,
    signal: AbortSignal,
  ): Promise<{ records: readonly Readonly<Record<string, unknown>>[]; next: string | undefined }> {
    const { status, headers, body } = await requestOf(this.client, {
      method: 'GET',
      path: `${PATH}?${query}`,
      headers: this.headers,
      timeoutMs: this.settings.requestTimeoutMs,
      signal,
    });
    const vendorCode = String(status);
    const waitMs = retryAfterMs(headers['retry-after'], Date.now());
    if (status === 429) throw new ProviderOverQuota({ vendorCode, retryAfterMs: waitMs ?? RATE_WAIT_MS });
    if (status >= 400 && status < 500) throw new ProviderMisconfigured({ vendorCode });
    if (status !== 200) throw new ProviderUnavailable({ vendorCode, retryAfterMs: waitMs });
    const answer = jsonObject(body);
    const records = answer?.['records'];
    if (!Array.isArray(records)) throw new ProviderUnavailable({ vendorCode: 'invalid_answer' });
    return { records: records.filter(isObject), next: records.length === 0 ? undefined : nextQuery(answer) };
  }
}

/** Uses only the link's query; host and path stay ours. */
function nextQuery(answer: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const links = answer?.['_links'];
  const next = isObject(links) ? links['next'] : undefined;
  const href = isObject(next) ? next['href'] : undefined;
  return typeof href === 'string' && URL.canParse(href) ? new URL(href).search.slice(1) : undefined;
}
