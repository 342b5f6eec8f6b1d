import { ProviderError, ProviderMisconfigured } from '../domain/outcome.js';
import type { HttpClient, HttpRequest, HttpResponse } from './http-client/http-client.js';
import type { Checked } from './provider.js';
import { requestOf } from './vendor-request.js';

/** The meaning of an answer for the account, without the vendor's time. */
export type CheckVerdict = Omit<Checked, 'clockSkewMs'>;

/**
 * Asks the vendor about an account with one request.
 *
 * @param read interprets the answer; it may throw the errors of a send, which are taken as findings.
 * @throws SendAborted if the signal of the request aborted the call.
 */
export async function checkByRequest(
  client: HttpClient,
  request: HttpRequest,
  read: (response: HttpResponse) => CheckVerdict,
): Promise<Checked> {
  return foundBy(async () => {
    const askedAt = Date.now();
    const response = await requestOf(client, request);
    const clockSkewMs = skewOf(response, askedAt, Date.now());
    return { ...(await foundBy(async () => read(response))), clockSkewMs };
  });
}

/** Turns the errors of a send into findings: wrong credentials are `failed`, a vendor that did not decide `unknown`. */
export async function foundBy(check: () => Promise<Checked>): Promise<Checked> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const code = error.vendorCode;
    return error instanceof ProviderMisconfigured
      ? { outcome: 'failed', code, text: `The vendor refuses the account (${code}).` }
      : { outcome: 'unknown', code, text: `The vendor did not decide (${code}).` };
  }
}

export const ok = (text: string, more: Pick<Checked, 'balance'> = {}): CheckVerdict => ({
  outcome: 'ok',
  code: null,
  text,
  ...more,
});

export const failed = (code: string, text: string): CheckVerdict => ({ outcome: 'failed', code, text });

export const unknown = (code: string | null, text: string): CheckVerdict => ({
  outcome: 'unknown',
  code,
  text,
});

/** `Date` has whole seconds, so half a second is added; the way there and back counts as half each. */
function skewOf({ headers }: HttpResponse, askedAt: number, answeredAt: number): number | undefined {
  const date = headers['date'];
  const vendorAt = typeof date === 'string' ? Date.parse(date) : NaN;
  return Number.isNaN(vendorAt) ? undefined : Math.round(vendorAt + 500 - (askedAt + answeredAt) / 2);
}
