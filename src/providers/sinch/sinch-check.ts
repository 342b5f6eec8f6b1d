import type { SinchSettings } from './sinch-settings.js';
import { checkByRequest, failed, ok, unknown, type CheckVerdict } from '../check-account.js';
import type { HttpClient, HttpRequest, HttpResponse } from '../http-client/http-client.js';
import type { Checked } from '../provider.js';
import { answerOf, invalidAnswer } from '../vendor-answer.js';
import { jsonObject } from '../vendor-request.js';
import { conclude } from '../verdict.js';
import { sinchCode, sinchVerdict } from './sinch-errors.js';

/** A number that belongs to nobody (NANP, 555-0100 to 555-0199). */
const RECIPIENT = '+12025550100';

/**
 * Has Sinch perform a dry run of an SMS, which it does not send.
 *
 * @param request path and headers of the dry run, sender and timeout.
 * @throws SendAborted if the signal aborted the call.
 * @see https://developers.sinch.com/docs/sms/api-reference/sms/batches/dry_run
 */
export function checkSinch(
  client: HttpClient,
  request: Pick<HttpRequest, 'path' | 'headers'> & Pick<SinchSettings, 'from' | 'requestTimeoutMs'>,
  signal: AbortSignal,
): Promise<Checked> {
  const { path, headers, from, requestTimeoutMs: timeoutMs } = request;
  const body = JSON.stringify({ type: 'mt_text', from, to: [RECIPIENT], body: 'Bellhop' });
  return checkByRequest(client, { method: 'POST', path, headers, body, timeoutMs, signal }, readDryRun);
}

function readDryRun(response: HttpResponse): CheckVerdict {
  const { status, body } = response;
  const answer = jsonObject(body);
  if (status === 200) {
    if (typeof answer?.['number_of_messages'] !== 'number') throw invalidAnswer(response);
    return ok('The service plan is active.');
  }
  const code = sinchCode(answer) ?? String(status);
  if (code === 'blocked_account') {
    return failed(code, 'Sinch has blocked the account, probably because its balance is used up.');
  }
  // About the recipient only: the service plan was accepted.
  if (code === 'illegal_number_type') return ok('The service plan is active.');
  conclude(sinchVerdict(status, code), code, answerOf(response));
  return unknown(code, `Sinch refuses an SMS in a dry run (${code}), usually because of \`from\`.`);
}
