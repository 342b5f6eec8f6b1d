import type { TwilioSettings } from './twilio-settings.js';
import { checkByRequest, failed, foundBy, ok, unknown, type CheckVerdict } from '../check-account.js';
import { e164 } from '../e164.js';
import type { HttpClient, HttpRequest, HttpResponse } from '../http-client/http-client.js';
import type { Checked } from '../provider.js';
import { answerOf, invalidAnswer } from '../vendor-answer.js';
import { isObject, jsonObject, requestOf } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { twilioVerdict } from './twilio-errors.js';

/** Answers to an API key that is wrong or that may not read the resource; Twilio does not tell them apart. */
const KEY_CODES: ReadonlySet<number> = new Set([401, 403, 20003, 70051]);

/**
 * Asks Twilio about the account, its balance, and whether a number in `from` is the account's.
 *
 * A messaging service is not checked: it is on another host. Only Main API keys may read the account, so the message
 * list proves an API key; a restricted key may be unable to read that too, and still send.
 *
 * @param headers of every request, with the credentials.
 * @throws SendAborted if the signal aborted the call.
 * @see https://www.twilio.com/docs/iam/api/account
 * @see https://www.twilio.com/docs/iam/api-keys
 * @see https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
 */
export function checkTwilio(
  client: HttpClient,
  settings: TwilioSettings,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Checked> {
  const { accountSid, apiKeySid, from, requestTimeoutMs: timeoutMs } = settings;
  const get = (resource: string): HttpRequest => {
    const path = `/2010-04-01/Accounts/${encodeURIComponent(accountSid)}${resource}`;
    return { method: 'GET', path, headers, timeoutMs, signal };
  };
  return foundBy(async () => {
    const account =
      apiKeySid === undefined
        ? await checkByRequest(client, get('.json'), readAccount)
        : await checkByRequest(client, get('/Messages.json?PageSize=1'), readMessages);
    if (account.outcome !== 'ok') return account;
    const balance = balanceIn(await requestOf(client, get('/Balance.json')));
    const found = { ...account, ...ofBalance(balance) };
    const number = e164(from);
    if (found.outcome !== 'ok' || number === undefined) return found;
    const query = new URLSearchParams({ PhoneNumber: number });
    const numbers = await requestOf(client, get(`/IncomingPhoneNumbers.json?${query.toString()}`));
    return maySendFrom(number, numbers)
      ? found
      : { ...found, ...failed('21606', 'The sender is not a number of this account that can send SMS.') };
  });
}

function readAccount(response: HttpResponse): CheckVerdict {
  if (response.status !== 200) return refusalOf(response);
  const status = jsonObject(response.body)?.['status'];
  if (status === 'active') return ok('The account is active.');
  // The code that Twilio gives an SMS of such an account.
  if (status === 'suspended' || status === 'closed') return failed('20005', `The account is ${status}.`);
  throw invalidAnswer(response);
}

function readMessages(response: HttpResponse): CheckVerdict {
  const answer = jsonObject(response.body);
  const code = answer?.['code'] ?? response.status;
  if (typeof code === 'number' && KEY_CODES.has(code)) {
    return unknown(String(code), 'The API key is wrong, or may not read messages; it may still send.');
  }
  if (response.status !== 200) return refusalOf(response);
  if (Array.isArray(answer?.['messages'])) return ok('Twilio accepts the API key.');
  throw invalidAnswer(response);
}

function refusalOf(response: HttpResponse): CheckVerdict {
  const { status, body } = response;
  const code = jsonObject(body)?.['code'];
  const known = typeof code === 'number' ? code : undefined;
  const { vendorCode } = conclude(twilioVerdict(status, known), String(known ?? status), answerOf(response));
  return unknown(vendorCode, `Twilio did not state whether the account is active (${vendorCode}).`);
}

/** Undefined without one: subaccounts have no balance, and an API key may not be allowed to read it. */
function balanceIn({ status, body }: HttpResponse): Checked['balance'] {
  const { balance: amount, currency } = jsonObject(body) ?? {};
  if (status !== 200 || typeof amount !== 'string' || !/^-?\d+(\.\d+)?$/.test(amount)) return undefined;
  return { amount, currency: typeof currency === 'string' ? currency.toUpperCase() : null };
}

/** The verdict on an active account by its balance. */
function ofBalance(balance: Checked['balance']): Partial<CheckVerdict> {
  if (balance === undefined) return {};
  const inWords = `${balance.amount} ${balance.currency ?? ''}`.trim();
  return Number(balance.amount) > 0
    ? ok(`The account is active; its balance is ${inWords}.`, { balance })
    : { ...failed('no_credit', `The account has no credit; its balance is ${inWords}.`), balance };
}

/** @returns true as well if Twilio did not list the account's numbers. */
function maySendFrom(number: string, { status, body }: HttpResponse): boolean {
  const numbers = jsonObject(body)?.['incoming_phone_numbers'];
  if (status !== 200 || !Array.isArray(numbers)) return true;
  return numbers.some((each: unknown) => {
    const capabilities = isObject(each) && each['phone_number'] === number ? each['capabilities'] : undefined;
    return isObject(capabilities) && capabilities['sms'] === true;
  });
}
