import type { InfobipSettings } from './infobip-settings.js';
import { checkByRequest, failed, ok, unknown, type CheckVerdict } from '../check-account.js';
import type { HttpClient, HttpResponse } from '../http-client/http-client.js';
import type { Checked } from '../provider.js';
import { answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { infobipCode, infobipVerdict } from './infobip-errors.js';

/**
 * Asks Infobip for the balance of the account. An API key may have the scope for sending only, so 403 proves nothing.
 *
 * @throws SendAborted if the signal aborted the call.
 * @see https://www.infobip.com/docs/api/platform/account-management/get-account-balance
 * @see https://www.infobip.com/docs/essentials/api-essentials/api-authorization
 */
export function checkInfobip(
  client: HttpClient,
  { apiKey, requestTimeoutMs: timeoutMs }: Pick<InfobipSettings, 'apiKey' | 'requestTimeoutMs'>,
  signal: AbortSignal,
): Promise<Checked> {
  const headers = { authorization: `App ${apiKey}`, accept: 'application/json' };
  const path = '/account/1/balance';
  return checkByRequest(client, { method: 'GET', path, headers, timeoutMs, signal }, readBalance);
}

function readBalance(response: HttpResponse): CheckVerdict {
  const { status, body } = response;
  const answer = jsonObject(body);
  if (status !== 200) {
    const code = infobipCode(answer) ?? String(status);
    if (status === 403) return unknown(code, 'Infobip does not let this API key read the balance.');
    conclude(infobipVerdict(status, undefined), code, answerOf(response));
    return unknown(code, `Infobip did not state the balance (${code}).`);
  }
  const { balance: left, currency: unit } = answer ?? {};
  if (typeof left !== 'number') throw invalidAnswer(response);
  const amount = String(left);
  const currency = typeof unit === 'string' && /^[A-Z]{3}$/.test(unit) ? unit : null;
  const balance = { amount, currency };
  const inWords = `${amount} ${currency ?? ''}`.trim();
  if (left <= 0) {
    return { ...failed('no_credit', `The account has no credit; its balance is ${inWords}.`), balance };
  }
  return ok(`The account is active; its balance is ${inWords}.`, { balance });
}
