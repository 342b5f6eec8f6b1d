import type { Channel } from '../domain/notification.js';
import type { AppSettings } from '../platform/config/app-settings.js';
import type { ProviderFacts } from './account-facts.js';
import { attemptSums, type AttemptLabels } from './attempt-sums.js';
import type { ProviderCheck } from './provider-check.repository.js';
import type { ProviderCheckDto, ProviderDto } from './provider.dto.js';

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

export function toProviderDto(account: Configured, facts: ProviderFacts): ProviderDto {
  const { breakers, checks, codes } = facts;
  const { appId, channel, id, type, environment } = account;
  const isOfThis = (fact: { appId: string; channel: string }): boolean =>
    fact.appId === appId && fact.channel === channel;
  const isItsAttempt = (labels: AttemptLabels): boolean =>
    isOfThis(labels) && labels.provider === id && isKindOf(labels.kind, account);
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
    lastHour: attemptSums(facts.lastHour, isItsAttempt),
    lastDay: attemptSums(facts.lastDay, isItsAttempt),
    devices: channel === 'push' ? devicesOf(account, facts) : null,
    callbacks: channel === 'sms' ? callbacksOf(account, facts) : null,
  };
}

function devicesOf(
  { appId, id, type, environment }: Configured,
  { devices: { accounts, isEstimate } }: ProviderFacts,
): ProviderDto['devices'] {
  const served = accounts.find(
    (one) =>
      one.appId === appId && one.provider === id && one.type === type && one.environment === environment,
  );
  return { count: served?.count ?? 0, isEstimate };
}

function callbacksOf({ appId, id }: Configured, { callbacks }: ProviderFacts): ProviderDto['callbacks'] {
  const found = callbacks.find((one) => one.appId === appId && one.provider === id);
  if (!found) return null;
  const { statusUrl, inboundUrl, verifiedBy, lastAt } = found;
  return { statusUrl, inboundUrl, verifiedBy, lastAt };
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
