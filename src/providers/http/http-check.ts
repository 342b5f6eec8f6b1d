import type { HttpSmsSettings } from './http-settings.js';
import { checkByRequest, failed, ok, unknown, type CheckVerdict } from '../check-account.js';
import type { HttpClient, HttpResponse } from '../http-client/http-client.js';
import type { Checked } from '../provider.js';
import { asCode, compileField } from './answer-field.js';
import { compileCondition, isMet, parse } from './http-answer.js';
import { isTemplate, readHeaders } from './http-request.js';

/** Checks the account of a gateway. @throws SendAborted if the signal aborted the call. */
export type AccountCheck = (client: HttpClient, signal: AbortSignal) => Promise<Checked>;

/** Statuses about the account; all others may be about `check.url` (RFC 9110, 15.5). */
const REFUSALS: ReadonlySet<number> = new Set([401, 402, 403]);

const NOT_CONFIGURED =
  'The account cannot be checked: set `check.url` to a request of the gateway that sends nothing, such as the one for the balance.';

/**
 * Compiles the setting `check`. Without it, nothing is requested and nothing is known.
 *
 * @param origin of the requests for SMS: the check goes over the same connections.
 * @throws Error naming the invalid setting without its value.
 */
export function compileCheck(settings: HttpSmsSettings, origin: string): AccountCheck {
  const { check, requestTimeoutMs: timeoutMs } = settings;
  if (!check) return async () => unknown(null, NOT_CONFIGURED);
  const { method } = check;
  const path = pathOf(check.url, origin);
  const headers = readHeaders(check.headers, 'check.headers');
  const template = Object.keys(headers).find((name) => isTemplate(headers[name] ?? ''));
  if (template !== undefined) throw new Error(`check.headers.${template} cannot be a template`);
  const read = compileReader(settings, check.successWhen);
  return (client, signal) => checkByRequest(client, { method, path, headers, timeoutMs, signal }, read);
}

/** Path and query. */
function pathOf(text: string, origin: string): string {
  if (isTemplate(text)) throw new Error('check.url cannot be a template');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.origin !== origin) throw new Error('check.url must have the scheme and host of url');
  if (url.username !== '' || url.password !== '') throw new Error('check.url must have no user or password');
  return `${url.pathname}${url.search}`;
}

function compileReader(
  { codePath, codePattern }: HttpSmsSettings,
  successWhen: string | undefined,
): (answer: HttpResponse) => CheckVerdict {
  const codeIn = compileField('code', { path: codePath, pattern: codePattern });
  const holds = successWhen === undefined ? undefined : compileCondition('check.successWhen', successWhen);
  return (answer) => {
    const { status, body } = answer;
    const json = parse(body);
    const code = (otherwise: string): string => asCode(codeIn?.(json, body)) ?? otherwise;
    const isOk = status >= 200 && status < 300;
    const isSuccess = holds ? isMet(holds, answer, json) : isOk;
    if (isSuccess) return ok('The gateway accepts the account.');
    if (REFUSALS.has(status)) {
      return failed(code(String(status)), `The gateway refuses the account with HTTP status ${status}.`);
    }
    if (!isOk) return unknown(code(String(status)), `The gateway answers with HTTP status ${status}.`);
    return isSuccess === undefined
      ? unknown('invalid_answer', '`check.successWhen` cannot be evaluated on the answer of the gateway.')
      : failed(code('not_successful'), '`check.successWhen` is false for the answer of the gateway.');
  };
}
