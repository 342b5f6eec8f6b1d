import { failed, ok, type CheckVerdict } from '../check-account.js';
import { checkedKeys, type VapidKeys, type VapidSettings } from './vapid.js';

/**
 * Checks the VAPID keys and the subject without a request, as a push service judges them only with a subscription.
 * Browsers that subscribed with another public key are not found.
 * https://www.rfc-editor.org/rfc/rfc8292
 */
export function checkWebPush({ publicKey, privateKey, subject }: VapidSettings): CheckVerdict {
  const fault = faultOf({ publicKey, privateKey });
  if (fault !== undefined) return failed('invalid_keys', `The VAPID keys are wrong: ${fault}.`);
  if (!isPublicContact(subject))
    return failed('invalid_subject', 'The `subject` must be a mailto: or https: address, not on localhost.');
  return ok('The VAPID keys are a pair and the subject is valid; no push service was asked.');
}

function faultOf(keys: VapidKeys): string | undefined {
  try {
    checkedKeys(keys);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'they cannot be read';
  }
}

/** Apple answers `BadJwtToken` to a subject on localhost, of which https://github.com/web-push-libs/web-push warns. */
function isPublicContact(subject: string): boolean {
  return /^(mailto:[^\s@]+@|https:\/\/)(?!localhost([:/?#]|$))\S+$/i.test(subject);
}
