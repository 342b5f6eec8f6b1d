import { SendAborted } from '../domain/outcome.js';
import type { AccessTokens } from './access-tokens.js';
import { foundBy } from './check-account.js';
import type { Checked } from './provider.js';

/**
 * Checks an account that sends with access tokens. If the vendor no longer accepts the current token, the check is
 * repeated once with a new one, which shows whether the account is at fault.
 *
 * @param ask checks with this token; a token that has been replaced since is `unknown`.
 * @throws SendAborted if the signal aborted the call.
 */
export function checkWithToken<V>(
  tokens: AccessTokens<V>,
  signal: AbortSignal,
  ask: (token: V) => Promise<Checked>,
): Promise<Checked> {
  return foundBy(async () => {
    if (signal.aborted) throw new SendAborted();
    const token = await tokens.get(signal);
    const checked = await ask(token);
    if (checked.outcome !== 'unknown') return checked;
    const current = await tokens.get(signal);
    return current === token ? checked : ask(current);
  });
}
