import { describe, expect, it } from '@jest/globals';
import { parseGatewayConfig } from './load-gateway-config.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { missingPrices } from './missing-prices.js';

const PROVIDERS = [
  { id: 'twilio', type: 'sandbox' },
  { id: 'vonage', type: 'sandbox' },
];
const PATH = 'apps[0].sms.guard.prices';

function faultsOf(sms: object): { path: string; problem: string }[] {
  const app = { appId: 'a', region: 'us', webhook: { basicAuth: [{ username: 'u', password: 'p' }] } };
  return parseGatewayConfig(
    { apps: [{ ...app, sms: { providers: PROVIDERS, ...sms } }] },
    '.',
    {},
    PROVIDER_TYPES,
  ).faults;
}
const missing = (provider: string, places: string, limits = 'perAppPerMonth.money') => ({
  path: PATH,
  problem: `must have a price for SMS through ${provider} to ${places}, or ${limits} would never stop them`,
});
const inMoney = (prices: object[], more: object = {}): object => ({
  guard: { prices, perAppPerMonth: { money: 100 } },
  ...more,
});

describe('a limit in money', () => {
  it('is refused without prices, by the name of each provider and limit', () => {
    expect(
      faultsOf({ guard: { perPersonPerDay: { money: 1 }, perAppPerMonth: { texts: 5, money: 9 } } }),
    ).toEqual(
      ['twilio', 'vonage'].map((id) =>
        missing(id, 'all other countries', 'perPersonPerDay.money, perAppPerMonth.money'),
      ),
    );
  });

  it.each([
    ['one price for all', [{ perSegment: 0.01 }], {}],
    ['a price that is nothing', [{ perSegment: 0 }], {}],
    [
      'one for each provider',
      [
        { provider: 'twilio', perSegment: 0.01 },
        { provider: 'vonage', perSegment: 0.02 },
      ],
      {},
    ],
    [
      'one for each country there is',
      [{ countries: ['US', 'IN'], perSegment: 0.01 }],
      { countries: ['IN', 'US'] },
    ],
    [
      'one for each country that a route lets it send to',
      [
        { provider: 'vonage', countries: ['IN'], perSegment: 0.04 },
        { provider: 'twilio', perSegment: 0.01 },
      ],
      { routes: [{ countries: ['IN'], use: ['vonage', 'twilio'] }, { use: ['twilio'] }] },
    ],
    [
      'none for countries that an earlier route has taken',
      [
        { provider: 'vonage', countries: ['IN'], perSegment: 0.04 },
        { provider: 'twilio', countries: ['US'], perSegment: 0.01 },
      ],
      { countries: ['US', 'IN'], routes: [{ countries: ['IN'], use: ['vonage'] }, { use: ['twilio'] }] },
    ],
    [
      'none for a provider of no route',
      [{ provider: 'twilio', perSegment: 1 }],
      { routes: [{ use: ['twilio'] }] },
    ],
  ])('is satisfied by %s', (_, prices, more) => {
    expect(faultsOf(inMoney(prices, more))).toEqual([]);
  });

  it.each([
    [
      'a country',
      [{ countries: ['US'], perSegment: 0.01 }],
      { countries: ['US', 'IN', 'FR'] },
      [missing('twilio', 'IN, FR'), missing('vonage', 'IN, FR')],
    ],
    [
      'the rest of the world',
      [
        { countries: ['US'], perSegment: 0.01 },
        { provider: 'twilio', perSegment: 0.1 },
      ],
      {},
      [missing('vonage', 'all other countries')],
    ],
    [
      'a provider in a country of its route',
      [{ provider: 'twilio', perSegment: 0.01 }],
      { routes: [{ countries: ['IN'], use: ['vonage'] }, { use: ['twilio'] }] },
      [missing('vonage', 'IN')],
    ],
    [
      'what a route for some senders leaves to the next one',
      [{ provider: 'vonage', countries: ['IN'], perSegment: 0.04 }],
      {
        countries: ['IN'],
        routes: [{ countries: ['IN'], senders: ['bot'], use: ['vonage'] }, { use: ['twilio'] }],
      },
      [missing('twilio', 'IN')],
    ],
  ])('is refused where %s has none', (_, prices, more, faults) => {
    expect(faultsOf(inMoney(prices, more))).toEqual(faults);
  });

  it.each([
    undefined,
    'sms',
    {},
    { providers: 'x', guard: { prices: [] } },
    { providers: [null], guard: { prices: [] } },
    { providers: PROVIDERS, guard: { prices: [], perAppPerMonth: { money: 1 } }, countries: 'US' },
    { providers: PROVIDERS, guard: { prices: [], perAppPerMonth: { money: 1 } }, routes: [{}] },
  ])('says nothing of settings that are not of their form: %j', (sms) => {
    expect(missingPrices(sms, 'sms')).toEqual([]);
  });

  it('needs no price if limits count SMS', () => {
    expect(faultsOf({ guard: { perAppPerMonth: { texts: 5 }, perPersonPerHour: {} } })).toEqual([]);
  });
});
