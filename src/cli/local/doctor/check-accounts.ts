import { SendAborted } from '../../../domain/outcome.js';
import { explanationOf } from '../../../providers/explanations.js';
import type { RegisteredAccount } from '../../../providers/provider-registry.js';
import type { Checked } from '../../../providers/provider.js';
import { fault, ok, warning, type Finding } from './finding.js';

const TIMEOUT_MS = 15_000;
/** Accounts that are checked at once. */
const AT_ONCE = 5;
/** Tokens and signatures of vendors are refused beyond a few minutes. */
const MAX_SKEW_MS = 30_000;
const REFUSED_SKEW_MS = 120_000;

/** Proves each account without sending anything, and compares the vendors' clocks with ours. */
export async function checkAccounts(
  accounts: readonly RegisteredAccount[],
  signal: AbortSignal,
): Promise<Finding[]> {
  const waiting = [...accounts.entries()];
  const checked: Checked[] = [];
  const checkNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, account] = next;
      checked[index] = await check(account, signal);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, checkNext));
  const findings = accounts.flatMap((account, i) => {
    const result = checked[i];
    return result ? [findingOf(account, result)] : [];
  });
  return [...findings, ...clockOf(checked)];
}

async function check({ provider }: RegisteredAccount, signal: AbortSignal): Promise<Checked> {
  try {
    return await provider.check(AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
  } catch (error) {
    if (!(error instanceof SendAborted)) throw error;
    return {
      outcome: 'unknown',
      code: 'timeout',
      text: `The vendor did not answer within ${TIMEOUT_MS / 1_000} s.`,
    };
  }
}

function findingOf({ appId, channel, id, type, environment }: RegisteredAccount, checked: Checked): Finding {
  const { outcome, code, text, balance } = checked;
  const subject = `account ${appId}/${channel}/${id} (${type}${environment ? ` ${environment}` : ''})`;
  const credit = balance ? ` Balance: ${balance.amount} ${balance.currency ?? ''}`.trimEnd() : '';
  // Without a code, the account is of a kind that cannot be checked.
  if (outcome === 'ok' || code === null) return ok(subject, `${text}${credit}`);
  const fix = explanationOf(type, code, 'attempt')?.fix ?? 'Look the code up in the vendor’s documentation.';
  return (outcome === 'failed' ? fault : warning)(subject, `${text} [${code}]`, fix);
}

/** Most vendors agree; the median ignores one whose clock is wrong. */
function clockOf(checked: readonly Checked[]): Finding[] {
  const skews = checked.flatMap(({ clockSkewMs }) => clockSkewMs ?? []).toSorted((a, b) => a - b);
  const skewMs = skews[Math.floor(skews.length / 2)];
  if (skewMs === undefined) return [];
  if (Math.abs(skewMs) <= MAX_SKEW_MS) return [ok('clock', 'It agrees with those of the vendors.')];
  const seconds = Math.round(Math.abs(skewMs) / 1_000);
  const text = `This machine is ${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} the vendors, which refuse tokens and signatures of a wrong time.`;
  return [(Math.abs(skewMs) > REFUSED_SKEW_MS ? fault : warning)('clock', text, 'Run NTP on this machine.')];
}
