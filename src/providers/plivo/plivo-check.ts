import type { PlivoSettings } from './plivo-settings.js';
import { checkByRequest, failed, ok, unknown, type CheckVerdict } from '../check-account.js';
import type { HttpClient, HttpResponse } from '../http-client/http-client.js';
import type { Checked } from '../provider.js';
import { answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { plivoError } from './plivo-errors.js';

/**
 * Asks Plivo for the account and its credit. The answer's `state` is part of the postal address; it does not say
 * whether the account is active. The sender is not checked.
 *
 * @param headers of every request, with the credentials.
 * @throws SendAborted if the signal aborted the call.
 * @see https://www.plivo.com/docs/account/api/account
 */
export function checkPlivo(
  client: HttpClient,
  { authId, requestTimeoutMs: timeoutMs }: PlivoSettings,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Checked> {
  const path = `/v1/Account/${encodeURIComponent(authId)}/`;
  return checkByRequest(client, { method: 'GET', path, headers, timeoutMs, signal }, readAccount);
}

function readAccount(response: HttpResponse): CheckVerdict {
  const { status, body } = response;
  const answer = jsonObject(body);
  if (status !== 200) {
    const words = answer?.['error'];
    const { verdict, code } = plivoError(status, typeof words === 'string' ? words : '', '');
    conclude(verdict, code, answerOf(response));
    return unknown(code, `Plivo did not state the credit (${code}).`);
  }
  const credits = answer?.['cash_credits'];
  if (typeof credits !== 'string' || !/^-?\d+(\.\d+)?$/.test(credits)) throw invalidAnswer(response);
  const amount = Number(credits).toFixed(2);
  // Plivo does not state the currency.
  const balance = { amount, currency: null };
  // Postpaid accounts send without credit.
  const hasCredit = Number(credits) > 0 || answer?.['billing_mode'] === 'postpaid';
  return hasCredit
    ? ok(`Plivo accepts the account; its balance is ${amount}.`, { balance })
    : { ...failed('insufficient_credit', `The account has no credit; its balance is ${amount}.`), balance };
}
