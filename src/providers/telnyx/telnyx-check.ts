import type { TelnyxSettings } from './telnyx-settings.js';
import { checkByRequest, failed, ok, unknown, type CheckVerdict } from '../check-account.js';
import type { HttpClient, HttpResponse } from '../http-client/http-client.js';
import type { Checked } from '../provider.js';
import { answerOf, invalidAnswer } from '../vendor-answer.js';
import { isObject, jsonObject } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { telnyxError, telnyxVerdict } from './telnyx-errors.js';

/**
 * Asks Telnyx for the balance of the account and for the messaging profile, if the settings name one.
 *
 * @throws SendAborted if the signal aborted the call.
 * @see https://developers.telnyx.com/docs/development/api-fundamentals/first-api-request
 * @see https://developers.telnyx.com/api-reference/profiles/retrieve-a-messaging-profile
 */
export async function checkTelnyx(
  client: HttpClient,
  settings: Pick<TelnyxSettings, 'apiKey' | 'messagingProfileId' | 'requestTimeoutMs'>,
  signal: AbortSignal,
): Promise<Checked> {
  const { apiKey, messagingProfileId, requestTimeoutMs: timeoutMs } = settings;
  const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json' };
  const ask = (path: string, read: (response: HttpResponse) => CheckVerdict): Promise<Checked> =>
    checkByRequest(client, { method: 'GET', path, headers, timeoutMs, signal }, read);
  const account = await ask('/v2/balance', readBalance);
  if (account.outcome !== 'ok' || messagingProfileId === undefined) return account;
  const profile = await ask(`/v2/messaging_profiles/${encodeURIComponent(messagingProfileId)}`, readProfile);
  return profile.outcome === 'ok' ? account : { ...profile, balance: account.balance };
}

function readBalance(response: HttpResponse): CheckVerdict {
  if (response.status !== 200) return refusalOf(response, 'balance');
  const { available_credit: credit, balance: paid, currency: unit } = dataOf(response);
  // Includes the credit limit, up to which Telnyx sends.
  const amount = credit ?? paid;
  if (typeof amount !== 'string' || !/^-?\d+(\.\d+)?$/.test(amount)) throw invalidAnswer(response);
  const currency = typeof unit === 'string' && /^[A-Z]{3}$/.test(unit) ? unit : null;
  const balance = { amount, currency };
  const inWords = `${amount} ${currency ?? ''}`.trim();
  if (Number(amount) <= 0) {
    return { ...failed('no_credit', `The account has no credit; its balance is ${inWords}.`), balance };
  }
  return ok(`The account is active; its balance is ${inWords}.`, { balance });
}

function readProfile(response: HttpResponse): CheckVerdict {
  if (response.status === 404) {
    return failed(codeOf(response), 'Telnyx does not know the messaging profile in `messagingProfileId`.');
  }
  if (response.status !== 200) return refusalOf(response, 'messaging profile');
  const { enabled } = dataOf(response);
  if (typeof enabled !== 'boolean') throw invalidAnswer(response);
  if (enabled) return ok('The messaging profile is enabled.');
  // The code with which Telnyx refuses an SMS of such a profile.
  return failed('40312', 'The messaging profile is disabled.');
}

/** @param what was asked for, for the sentence. */
function refusalOf(response: HttpResponse, what: string): CheckVerdict {
  const { status, body } = response;
  const { code } = telnyxError(jsonObject(body));
  const vendorCode = codeOf(response);
  // Such a key may send nevertheless.
  if (status === 403 && (code === undefined || code === '10010')) {
    return unknown(vendorCode, `Telnyx does not let this API key read the ${what}.`);
  }
  conclude(telnyxVerdict(status, code, undefined), vendorCode, answerOf(response));
  return unknown(vendorCode, `Telnyx did not state the ${what} (${vendorCode}).`);
}

function codeOf({ status, body }: HttpResponse): string {
  return telnyxError(jsonObject(body)).code ?? String(status);
}

function dataOf({ body }: HttpResponse): Readonly<Record<string, unknown>> {
  const data = jsonObject(body)?.['data'];
  return isObject(data) ? data : {};
}
