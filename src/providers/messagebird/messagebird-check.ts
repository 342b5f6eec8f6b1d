import type { MessageBirdSettings } from './messagebird-settings.js';
import { checkByRequest, failed, ok, unknown, type CheckVerdict } from '../check-account.js';
import type { HttpClient, HttpResponse } from '../http-client/http-client.js';
import type { Checked } from '../provider.js';
import { answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { readMessageBirdError } from './messagebird-errors.js';

/** Currencies that MessageBird names by a word; `credits` are no currency, all others are ISO 4217 codes. */
const CURRENCIES: ReadonlyMap<string, string> = new Map([
  ['euros', 'EUR'],
  ['pounds', 'GBP'],
  ['dollars', 'USD'],
]);

/**
 * Asks MessageBird for the balance of the account.
 *
 * @throws SendAborted if the signal aborted the call.
 * @see https://developers.messagebird.com/api/balance
 */
export function checkMessageBird(
  client: HttpClient,
  { accessKey, requestTimeoutMs: timeoutMs }: Pick<MessageBirdSettings, 'accessKey' | 'requestTimeoutMs'>,
  signal: AbortSignal,
): Promise<Checked> {
  const headers = { authorization: `AccessKey ${accessKey}`, accept: 'application/json' };
  return checkByRequest(client, { method: 'GET', path: '/balance', headers, timeoutMs, signal }, readBalance);
}

function readBalance(response: HttpResponse): CheckVerdict {
  const { status, body } = response;
  const answer = jsonObject(body);
  if (status !== 200) {
    const { verdict, vendorCode } = readMessageBirdError(status, answer);
    conclude(verdict, vendorCode, answerOf(response));
    return unknown(vendorCode, `MessageBird did not state the balance (${vendorCode}).`);
  }
  const { payment, type, amount: left } = answer ?? {};
  // Its amount is always 0.
  if (payment === 'postpaid') return ok('The account is active; it is billed afterwards.');
  if (typeof left !== 'number' || typeof type !== 'string' || !/^[A-Za-z]{3,10}$/.test(type)) {
    throw invalidAnswer(response);
  }
  const amount = String(left);
  const currency = type === 'credits' ? null : (CURRENCIES.get(type) ?? type);
  const balance = { amount, currency };
  const inWords = `${amount} ${currency ?? type}`;
  if (left <= 0) {
    return { ...failed('no_credit', `The account has no credit; its balance is ${inWords}.`), balance };
  }
  return ok(`The account is active; its balance is ${inWords}.`, { balance });
}
