import { describe, expect, it } from '@jest/globals';
import { parseGatewayConfig } from './load-gateway-config.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import type { SmsSettings } from './sms-settings.js';

const check = (
  given: object,
): { sms: SmsSettings | undefined; faults: { path: string; problem: string }[] } => {
  const app = { appId: 'a', region: 'us', webhook: { basicAuth: [{ username: 'u', password: 'p' }] } };
  const sms = { providers: [{ id: 's', type: 'sandbox' }], ...given };
  const { config, faults } = parseGatewayConfig({ apps: [{ ...app, sms }] }, '.', {}, PROVIDER_TYPES);
  return { sms: config.apps[0]?.sms, faults };
};
const withRoute = (route: object): object => ({ routes: [{ use: ['s'], ...route }] });

describe('matching settings', () => {
  it('is brought into the form in which that is compared', () => {
    const { sms, faults } = check({
      defaultCountry: 'us',
      countries: ['us', 'In', 'XK'],
      ...withRoute({ countries: ['in'], senders: ['Bank-Bot', 'ÅSA'], groups: ['Team_A'] }),
      guard: { prices: [{ countries: ['de', 'AT'], perSegment: 1 }] },
    });
    expect(faults).toEqual([]);
    expect(sms).toMatchObject({
      defaultCountry: 'US',
      countries: ['US', 'IN', 'XK'],
      routes: [{ countries: ['IN'], senders: ['bank-bot', 'Åsa'], groups: ['team_a'] }],
      guard: { prices: [{ countries: ['DE', 'AT'] }] },
    });
  });

  const noCountry = (verb: string, ...names: string[]): string =>
    names
      .map(
        (name) =>
          `${verb} "${name}", which is no country with telephone numbers (ISO 3166-1 alpha-2, such as US)`,
      )
      .join('; ');
  it.each([
    [{ defaultCountry: 'uk' }, 'defaultCountry', noCountry('is', 'UK')],
    [{ countries: ['US', 'xx', 'AQ'] }, 'countries', noCountry('names', 'XX', 'AQ')],
    [{ countries: 'US' }, 'countries', 'must be a list of countries'],
    [
      withRoute({ countries: [] }),
      'routes[0].countries',
      'must name one of the countries at least: unset, it is for all',
    ],
    [withRoute({ countries: ['USA'] }), 'routes[0].countries', noCountry('names', 'USA')],
    [
      { guard: { prices: [{ countries: ['EN'], perSegment: 1 }] } },
      'guard.prices[0].countries',
      noCountry('names', 'EN'),
    ],
    [
      withRoute({ senders: ['bank bot', ''] }),
      'routes[0].senders',
      `names "bank bot", which is none of CometChat's uids; names "", which is none of CometChat's uids`,
    ],
    [
      withRoute({ groups: ['x'.repeat(101)] }),
      'routes[0].groups',
      `names "${'x'.repeat(101)}", which is none of CometChat's guids`,
    ],
    [
      { optOut: { stopWords: ['alto', '!?'] } },
      'optOut.stopWords',
      'names "!?": a word has letters or digits, and at most 100 characters',
    ],
  ])('is refused where nothing can match it: %j', (given, path, problem) => {
    expect(check(given).faults).toEqual([{ path: `apps[0].sms.${path}`, problem }]);
  });
});
