import type { SendResult } from '../../domain/outcome.js';
import { checkByRequest, failed, ok, unknown, type CheckVerdict } from '../check-account.js';
import { checkWithToken } from '../check-with-token.js';
import type { Checked } from '../provider.js';
import { readFcmAnswer } from './fcm-answer.js';
import type { FcmParts } from './fcm.provider.js';

/** A topic without subscribers. */
const TOPIC = 'bellhop-account-check';

/**
 * Lets FCM validate a message to a topic without sending it. FCM does not check the APNs key of the Firebase project
 * then.
 * https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send
 *
 * @param path that of the project's `messages:send`.
 * @throws SendAborted if the signal aborted the call.
 */
export function checkFcm(
  { client, tokens, timeoutMs }: FcmParts,
  path: string,
  signal: AbortSignal,
): Promise<Checked> {
  return checkWithToken(tokens, signal, (accessToken) =>
    checkByRequest(
      client,
      {
        method: 'POST',
        path,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ validate_only: true, message: { topic: TOPIC } }),
        timeoutMs,
        signal,
      },
      (response) => verdictOf(readFcmAnswer(response, accessToken, tokens)),
    ),
  );
}

function verdictOf(result: SendResult): CheckVerdict {
  if (result.outcome === 'accepted')
    return ok(
      'FCM accepts the credentials for this project; the APNs key in the Firebase console was not checked.',
    );
  const { vendorCode, accountMayBeWrong } = result;
  return accountMayBeWrong
    ? failed(vendorCode, `The credentials belong to another Firebase project (${vendorCode}).`)
    : unknown(vendorCode, `FCM refused the message of the check (${vendorCode}).`);
}
