import type { CodeCount, ProviderCheck } from '../../deliveries/provider-check.repository.js';
import type { OpenBreaker, ProviderAccount } from '../../deliveries/provider-state.repository.js';
import type { DeviceProviderAccount } from '../../deliveries/records.js';
import type { Problem } from './problem.js';

/** Circuit breakers that are not closed. */
export function breakerProblems(breakers: readonly OpenBreaker[]): Problem[] {
  return breakers.map((breaker) => {
    const { appId, state } = breaker;
    const name = nameOf(breaker);
    return state === 'open'
      ? {
          ...({ kind: 'breaker', severity: 'error', page: '/providers', appId } as const),
          text: `The account ${name} keeps failing. Its messages wait until a single one gets through, or expire.`,
        }
      : {
          ...({ kind: 'breaker', severity: 'warning', page: '/providers', appId } as const),
          text: `The account ${name} is paused because its vendor asked for it. Its messages wait meanwhile.`,
        };
  });
}

/** Accounts that their vendor refused at the last check. */
export function checkProblems(checks: readonly ProviderCheck[]): Problem[] {
  return checks
    .filter(({ outcome }) => outcome === 'failed')
    .map((check) => {
      const { appId, type, environment, code } = check;
      const kind = environment === '' ? type : `${type} ${environment}`;
      const said = code === null ? 'refused it' : `answered ${code}`;
      return {
        ...({ kind: 'check', severity: 'error', page: '/providers', appId } as const),
        text: `The account ${nameOf(check)} (${kind}) does not pass its check: the vendor ${said}. Its messages will fail.`,
      };
    });
}

/** Accounts whose dead devices are kept. */
export function retirementProblems(braked: readonly DeviceProviderAccount[]): Problem[] {
  return braked.map((account) => ({
    ...({ kind: 'retirement', severity: 'error', page: '/providers', appId: account.appId } as const),
    text: `The vendor of ${nameOf(account)} (${account.kind}) calls too many devices dead at once, so they are kept. Check the account’s credentials and project; if the devices are dead, release the account.`,
  }));
}

/** Share of an account's last attempts that must be refused before its refusals are counted, as part of the limit. */
const SUSPECT_SHARE = 0.5;

/** Accounts of devices whose last attempts make it possible that the brake is engaged. */
export function suspectAccounts(
  codes: readonly CodeCount[],
  limits: { readonly sharePercent: number },
): DeviceProviderAccount[] {
  const found = new Map<string, { account: DeviceProviderAccount; attempts: number; refused: number }>();
  for (const { appId, channel, provider, kind, outcome, attempts } of codes) {
    if (channel !== 'push' || kind === null) continue;
    const key = JSON.stringify([appId, provider, kind]);
    const known = found.get(key) ?? {
      account: { appId, channel, provider, kind },
      ...{ attempts: 0, refused: 0 },
    };
    known.attempts += attempts;
    if (outcome === 'refused') known.refused += attempts;
    found.set(key, known);
  }
  return [...found.values()]
    .filter(({ attempts, refused }) => refused * 100 > attempts * limits.sharePercent * SUSPECT_SHARE)
    .map(({ account }) => account);
}

const nameOf = ({ appId, channel, provider }: ProviderAccount): string => `${appId}/${channel}/${provider}`;
