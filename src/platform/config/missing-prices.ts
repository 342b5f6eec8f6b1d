import type { Fault } from '../errors/gateway-error.js';
import { priceFor } from './price-for.js';
import type { SmsGuardSettings, SmsSettings } from './sms-settings.js';

/** Allowed countries; undefined: any, including numbers of no country. */
type Countries = readonly string[] | undefined;

const LIMITS = ['perPersonPerHour', 'perPersonPerDay', 'perConversationPerDay', 'perAppPerMonth'] as const;

/**
 * Prices that limits in money need: a text without a price would count as nothing, and no limit would ever stop it.
 * Each provider needs one for every country to which `routes` and `countries` let it send.
 *
 * @param settings `sms` of an app, of whatever form: what is not of its form is for other checks to name.
 */
export function missingPrices(settings: unknown, at: string): Fault[] {
  const sms = settings as SmsSettings | undefined;
  if (!isOfItsForm(sms)) return [];
  const { guard } = sms;
  const inMoney = LIMITS.filter((name) => guard[name]?.money !== undefined).map((name) => `${name}.money`);
  if (inMoney.length === 0) return [];
  return sms.providers.flatMap(({ id }) => {
    const places = destinationsOf(sms, id).flatMap((countries) => unpriced(guard, id, countries));
    return places.length === 0
      ? []
      : [
          {
            path: `${at}.guard.prices`,
            problem: `must have a price for SMS through ${id} to ${listOf(places)}, or ${inMoney.join(', ')} would never stop them`,
          },
        ];
  });
}

function isOfItsForm(sms: SmsSettings | undefined): sms is SmsSettings {
  const lists = [sms?.providers, sms?.routes ?? [], sms?.guard?.prices];
  if (!lists.every((list) => Array.isArray(list) && list.every((one: unknown) => one instanceof Object)))
    return false;
  const named = [sms, ...(sms?.routes ?? []), ...(sms?.guard.prices ?? [])].map(
    (one) => one?.countries ?? [],
  );
  return [...named, ...(sms?.routes ?? []).map(({ use }) => use)].every(Array.isArray);
}

const ANYWHERE = 'all other countries';

function unpriced({ prices }: SmsGuardSettings, provider: string, countries: Countries): string[] {
  if (countries) return countries.filter((country) => !priceFor(prices, provider, country));
  return priceFor(prices, provider, null) ? [] : [ANYWHERE];
}

/** Where a provider may be asked to send, by each route that uses it. */
function destinationsOf({ routes, countries }: SmsSettings, provider: string): Countries[] {
  if (!routes) return [countries];
  const found: Countries[] = [];
  const taken = new Set<string>();
  for (const { countries: own, senders, groups, use } of routes) {
    const left = (
      own && countries ? own.filter((country) => countries.includes(country)) : (own ?? countries)
    )
      // Earlier routes for all senders take their countries.
      ?.filter((country) => !taken.has(country));
    if (use.includes(provider)) found.push(left);
    if (senders || groups) continue;
    if (!own) break;
    for (const country of own) taken.add(country);
  }
  return found;
}

function listOf(places: readonly string[]): string {
  return [...new Set(places)].toSorted((a, b) => Number(a === ANYWHERE) - Number(b === ANYWHERE)).join(', ');
}
