import type { Channel } from '../domain/notification.js';
import type { AppSettings } from '../platform/config/app-settings.js';
import type { CodeCount, ProviderCheck } from './provider-check.repository.js';
import type { OpenBreaker } from './provider-state.repository.js';
import type { ProviderCheckDto, ProviderDto } from './provider.dto.js';

/** State of all accounts. */
export interface ProviderFacts {
  readonly breakers: readonly OpenBreaker[];
  readonly checks: readonly ProviderCheck[];
  readonly codes: readonly CodeCount[];
}

/** An account as configured. */
interface Configured {
  readonly appId: string;
  readonly channel: Channel;
  readonly id: string;
  readonly type: string;
  readonly environment: string | null;
}

/** The accounts of an app, in the order of the configuration. */
export function accountsOf({ appId, push, sms }: AppSettings): Configured[] {
  return [
    ...push.providers.map((settings) => ({
      ...({ appId, channel: 'push', id: settings.id, type: settings.type } as const),
      environment: 'environment' in settings ? settings.environment : null,
    })),
    ...sms.providers.map(({ id, type }) => ({ appId, channel: 'sms', id, type, environment: null }) as const),
  ];
}

export function toProviderDto(account: Configured, { breakers, checks, codes }: ProviderFacts): ProviderDto {
  const { appId, channel, id, type, environment } = account;
  const isOfThis = (fact: { appId: string; channel: string }): boolean =>
    fact.appId === appId && fact.channel === channel;
  const held = breakers.filter((breaker) => isOfThis(breaker) && isBreakerOf(breaker.provider, account));
  const check = checks.find(
    (found) =>
      isOfThis(found) &&
      found.provider === id &&
      found.type === type &&
      found.environment === (environment ?? ''),
  );
  return {
    ...{ appId, channel, id, type, environment },
    state: held.some(({ state }) => state === 'open') ? 'open' : held.length > 0 ? 'paused' : 'closed',
    breakers: held.map(({ provider, state, probeInMs, failures }) => ({
      ...{ account: provider, state, probeInMs, failures },
    })),
    check: check ? toCheckDto(check) : null,
    codes: codes
      .filter((count) => isOfThis(count) && count.provider === id && isKindOf(count.kind, account))
      .map(({ outcome, code, attempts, lastAt }) => ({ outcome, code, attempts, lastAt })),
  };
}

function toCheckDto(check: ProviderCheck): ProviderCheckDto {
  const { outcome, code, text, fix, link, checkedAt, failures, clockSkewMs, caExpiresAt } = check;
  const balance = check.balance === null ? null : { amount: check.balance, currency: check.currency };
  return { outcome, code, text, fix, link, checkedAt, failures, balance, clockSkewMs, caExpiresAt };
}

/** Circuit breakers append the kind of device, and for Web Push the service, or the country of an SMS. */
function isBreakerOf(breaker: string, { channel, id, type }: Configured): boolean {
  if (channel === 'sms' || type === 'sandbox') return breaker === id || breaker.startsWith(`${id}:`);
  return breaker === `${id}:${type}` || breaker.startsWith(`${id}:${type}:`);
}

function isKindOf(kind: string | null, { channel, type }: Configured): boolean {
  return channel === 'sms' || (kind === 'apns-voip' ? 'apns' : kind) === type;
}
