import type { VonageSettings } from './vonage-settings.js';
import { checkByRequest, failed, ok, unknown, type CheckVerdict } from '../check-account.js';
import type { HttpClient, HttpResponse } from '../http-client/http-client.js';
import type { Checked } from '../provider.js';
import { answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { vonageVerdict } from './vonage-errors.js';

/** Vonage states every balance in euros. */
const CURRENCY = 'EUR';

/**
 * Asks Vonage for the balance of the account. The sender is not checked.
 *
 * The credentials are in a header, which Vonage accepts as well as those in the URL: URLs are logged by proxies.
 *
 * @param client of the SMS API's host.
 * @throws SendAborted if the signal aborted the call.
 * @see https://developer.vonage.com/en/api/account#getAccountBalance
 */
export function checkVonage(
  client: HttpClient,
  { apiKey, apiSecret, requestTimeoutMs: timeoutMs }: VonageSettings,
  signal: AbortSignal,
): Promise<Checked> {
  const credentials = Buffer.from(`${apiKey}:${apiSecret}`).toString('base64');
  const headers = { authorization: `Basic ${credentials}`, accept: 'application/json' };
  return checkByRequest(
    client,
    { method: 'GET', path: '/account/get-balance', headers, timeoutMs, signal },
    readBalance,
  );
}

function readBalance(response: HttpResponse): CheckVerdict {
  const { status, body } = response;
  if (status !== 200) {
    const { vendorCode } = conclude(vonageVerdict(status, undefined), String(status), answerOf(response));
    return unknown(vendorCode, `Vonage did not state the balance (${vendorCode}).`);
  }
  const value = jsonObject(body)?.['value'];
  if (typeof value !== 'number') throw invalidAnswer(response);
  const amount = value.toFixed(2);
  const balance = { amount, currency: CURRENCY };
  // The code that Vonage gives an SMS of such an account.
  return value > 0
    ? ok(`The account is active; its balance is ${amount} ${CURRENCY}.`, { balance })
    : { ...failed('9', `The account has no credit; its balance is ${amount} ${CURRENCY}.`), balance };
}
