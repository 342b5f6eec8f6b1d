import { createHash } from 'node:crypto';
import type { SmsPlan } from '../../domain/delivery.js';
import type { SmsRouteSettings, SmsSettings } from '../../platform/config/sms-settings.js';

/** The facts of an SMS that the rules of `sms.routes` match. */
export interface RoutedSms {
  /** Country of the number (ISO 3166-1 alpha-2). */
  readonly country: string | undefined;
  /** Uid of the sender, and guid of the group. */
  readonly sender?: string | undefined;
  readonly group?: string | undefined;
  /** Seed of a weighted draw, so that every process draws the same provider for an SMS. */
  readonly deliveryId: string;
}

/** The providers of an SMS in failover order, by the first rule that matches; undefined if none does. */
export function routeFor(
  { routes, providers }: SmsSettings,
  sms: RoutedSms,
): Pick<SmsPlan, 'route' | 'onOverQuota'> | undefined {
  if (!routes) return { route: providers.map(({ id }) => id), onOverQuota: 'moveOn' };
  const rule = routes.find((candidate) => matches(candidate, sms));
  return rule && { route: inOrder(rule, sms.deliveryId), onOverQuota: rule.onOverQuota };
}

function matches({ countries, senders, groups }: SmsRouteSettings, sms: RoutedSms): boolean {
  return includes(countries, sms.country) && includes(senders, sms.sender) && includes(groups, sms.group);
}

const includes = (named: readonly string[] | undefined, value: string | undefined): boolean =>
  named === undefined || (value !== undefined && named.includes(value));

/** With weights, the first provider is drawn and the others follow in the order of `use`. */
function inOrder({ use, weights }: SmsRouteSettings, seed: string): readonly string[] {
  if (!weights) return use;
  const shares = use.map((provider) => weights[provider] ?? 0);
  const sum = shares.reduce((total, share) => total + share, 0);
  // 32 bits of a hash: evenly distributed, and the same in every process.
  let left = (createHash('sha256').update(seed).digest().readUInt32BE() / 2 ** 32) * sum;
  const first = use[shares.findIndex((share) => (left -= share) < 0)] ?? use[0];
  return [...use.filter((provider) => provider === first), ...use.filter((provider) => provider !== first)];
}
