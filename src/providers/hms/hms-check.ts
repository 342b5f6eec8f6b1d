import type { SendResult } from '../../domain/outcome.js';
import { checkByRequest, ok, unknown, type CheckVerdict } from '../check-account.js';
import { checkWithToken } from '../check-with-token.js';
import type { Checked } from '../provider.js';
import { readHmsAnswer } from './hms-answer.js';
import type { HmsParts } from './hms.provider.js';

/** A message without content to a token that no device has. */
const MESSAGE = { data: '{}', token: ['bellhop-account-check'] };
/** Push Kit judged the token of the check, and therefore the account before. */
const TOKEN_OF_OTHER_APP = '80300007';

/**
 * Lets Push Kit validate a message without sending it.
 * https://developer.huawei.com/consumer/en/doc/HMSCore-References/https-send-api-0000001050986197
 *
 * @param path that of the app's `messages:send`.
 * @throws SendAborted if the signal aborted the call.
 */
export function checkHms(
  { client, tokens, timeoutMs }: HmsParts,
  path: string,
  signal: AbortSignal,
): Promise<Checked> {
  return checkWithToken(tokens, signal, (accessToken) =>
    checkByRequest(
      client,
      {
        method: 'POST',
        path,
        headers: {
          authorization: `Bearer ${accessToken}`,
          'content-type': 'application/json; charset=UTF-8',
        },
        body: JSON.stringify({ validate_only: true, message: MESSAGE }),
        timeoutMs,
        signal,
      },
      (response) => verdictOf(readHmsAnswer(response, accessToken, tokens)),
    ),
  );
}

function verdictOf(result: SendResult): CheckVerdict {
  if (result.outcome === 'accepted' || result.vendorCode === TOKEN_OF_OTHER_APP)
    return ok('Push Kit accepts the app id and the app secret.');
  const { vendorCode, reason } = result;
  // 80100000 is the answer to an invalid token, and to an app that lacks a permission.
  return reason === 'token_invalid'
    ? unknown(vendorCode, `The credentials are valid, but the app may lack a permission (${vendorCode}).`)
    : unknown(vendorCode, `Push Kit refused the message of the check (${vendorCode}).`);
}
