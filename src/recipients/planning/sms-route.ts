import { createHash } from 'node:crypto';
import type { SmsPlan } from '../../domain/delivery.js';
import type { SmsRouteSettings, SmsSettings } from '../../platform/config/sms-settings.js';

/** What the rules of `sms.routes` look at. */
export interface RoutedText {
  /** The number's, as ISO 3166-1 alpha-2. */
  readonly country: string | undefined;
  /** Uid of the one who wrote, and guid of the group that it was written in. */
  readonly sender?: string | undefined;
  readonly group?: string | undefined;
  /** Draws lots where a rule has weights: the same for the same text, whoever asks. */
  readonly lot: string;
}

/** The providers of a text in the order in which they are tried, by the first rule that matches; undefined: none does. */
export function routeFor(
  { routes, providers }: SmsSettings,
  text: RoutedText,
): Pick<SmsPlan, 'route' | 'onOverQuota'> | undefined {
  if (!routes) return { route: providers.map(({ id }) => id), onOverQuota: 'moveOn' };
  const rule = routes.find((candidate) => matches(candidate, text));
  return rule && { route: inOrder(rule, text.lot), onOverQuota: rule.onOverQuota };
}

function matches({ countries, senders, groups }: SmsRouteSettings, text: RoutedText): boolean {
  return includes(countries, text.country) && includes(senders, text.sender) && includes(groups, text.group);
}

const includes = (named: readonly string[] | undefined, value: string | undefined): boolean =>
  named === undefined || (value !== undefined && named.includes(value));

/** With weights the first provider is drawn; the others follow in the order of `use`. */
function inOrder({ use, weights }: SmsRouteSettings, lot: string): readonly string[] {
  if (!weights) return use;
  const shares = use.map((provider) => weights[provider] ?? 0);
  const sum = shares.reduce((total, share) => total + share, 0);
  // 32 bits of a hash: as even as any die, and the same in every process.
  let left = (createHash('sha256').update(lot).digest().readUInt32BE() / 2 ** 32) * sum;
  const first = use[shares.findIndex((share) => (left -= share) < 0)] ?? use[0];
  return [...use.filter((provider) => provider === first), ...use.filter((provider) => provider !== first)];
}
