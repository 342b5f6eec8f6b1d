import { describe, expect, it } from '@jest/globals';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { parseGatewayConfig } from './load-gateway-config.js';

const app = (change: object = {}): object => ({
  appId: 'a',
  region: 'us',
  webhook: { basicAuth: [{ username: 'u', password: 'p' }] },
  ...change,
});
const pathsOf = (tree: unknown): string[] =>
  parseGatewayConfig(tree, '.', {}, PROVIDER_TYPES).faults.map((fault) => fault.path);

describe('a configuration with faults', () => {
  it('reports conflicts between blocks together with every other fault', () => {
    const sms = {
      providers: [
        { id: 'one', type: 'pigeon' },
        { id: 'two', type: 'twilio', accountSid: 'AC1', authToken: '${UNSET_TOKEN}', from: '+14155550100' },
        { id: 'two', type: 'http', url: 'https://gw.example.com', port: '${UNSET_PORT}' },
      ],
      routes: [{ use: ['one', 'three', '${UNSET_ROUTE}'], weights: { four: 1 }, colour: 'red' }],
      guard: { prices: [{ provider: 'five', perSegment: 'cheap' }] },
      policy: 'ifNotSeen',
      seenWithinSeconds: 600,
      askCometChatForNumbers: true,
    };
    const webhook = { basicAuth: [{ username: 'u', passwordFile: 'nowhere' }] };
    const faults = pathsOf({
      apps: [app({ region: 'moon', sms }), app({ webhook })],
      delivery: { lifetimeMinutes: 10, concurrency: 0 },
    });
    expect([...new Set(faults)].toSorted()).toEqual(
      [
        'apps[0].region',
        'apps[0].cometchat.restApiKey',
        'apps[0].sms.providers[0].type',
        'apps[0].sms.providers[1].authToken',
        'apps[0].sms.providers[2].id',
        'apps[0].sms.providers[2].port',
        'apps[0].sms.routes[0].use[1]',
        'apps[0].sms.routes[0].use[2]',
        'apps[0].sms.routes[0].weights.four',
        'apps[0].sms.routes[0].colour',
        'apps[0].sms.guard.prices[0].provider',
        'apps[0].sms.guard.prices[0].perSegment',
        'apps[0].sms.seenWithinSeconds',
        'apps[1].appId',
        'apps[1].webhook.basicAuth[0].passwordFile',
        'delivery.concurrency',
      ].toSorted(),
    );
  });

  it.each([
    ['a list', []],
    ['a string', 'x'],
    ['a number', 5],
    ['null', null],
    ['another mapping', { routes: { use: 'x' }, providers: 'y', guard: [], weights: 3 }],
  ])('reports its other faults if any block is %s', (_, wrong) => {
    const keys = ['webhook', 'clients', 'cometchat', 'push', 'sms', 'rules'];
    for (const key of keys)
      expect(pathsOf({ apps: [app({ [key]: wrong, region: 'moon' })] })).toContain('apps[0].region');
    for (const key of ['providers', 'routes', 'guard', 'optOut', 'text'])
      expect(pathsOf({ apps: [app({ sms: { [key]: wrong }, region: 'moon' })] })).toContain('apps[0].region');
    expect(pathsOf({ apps: [wrong], delivery: wrong, extra: 1 })).toContain('extra');
    expect(pathsOf({ apps: wrong, extra: 1 })).toContain('extra');
  });

  it('reports every fault at once with its path', () => {
    const providers = [{ id: 'x y', type: 'fcm', colour: 1 }, { id: 'z', type: 'pigeon' }, 5];
    const faults = pathsOf({
      apps: [
        app({
          region: 'moon',
          webhook: {},
          colour: 'red',
          push: { providers },
          sms: { countries: ['XX'], providers: [{ id: 't', type: 'twilio' }] },
        }),
      ],
      delivery: { concurrency: 0, speed: 'high' },
      extra: true,
    });
    for (const at of [
      'extra',
      'apps[0].region',
      'apps[0].webhook.basicAuth',
      'apps[0].colour',
      'apps[0].push.providers[0].id',
      'apps[0].push.providers[0].colour',
      'apps[0].push.providers[1].type',
      'apps[0].sms.countries',
      'apps[0].sms.providers[0].accountSid',
      'apps[0].sms.providers[0].authToken',
      'apps[0].sms.providers[0].from',
      'delivery.concurrency',
      'delivery.speed',
    ]) {
      expect(faults).toContain(at);
    }
  });

  it.each([
    ['no apps', {}, 'apps'],
    ['an empty list of apps', { apps: [] }, 'apps'],
    ['a string in place of a mapping', 'apps', ''],
    ['null in place of a mapping', null, ''],
    ['a repeated app', { apps: [app(), app()] }, 'apps[1].appId'],
    [
      'a route to an unknown provider',
      { apps: [app({ sms: { providers: [], routes: [{ use: ['x'] }] } })] },
      'apps[0].sms.routes[0].use[0]',
    ],
    [
      'a weight of an unused provider',
      {
        apps: [
          app({
            sms: {
              providers: [{ id: 's', type: 'sandbox' }],
              routes: [{ use: ['s'], weights: { x: 1, s: 1 } }],
            },
          }),
        ],
      },
      'apps[0].sms.routes[0].weights.x',
    ],
    [
      'a negative weight',
      {
        apps: [
          app({
            sms: { providers: [{ id: 's', type: 'sandbox' }], routes: [{ use: ['s'], weights: { s: -1 } }] },
          }),
        ],
      },
      'apps[0].sms.routes[0].weights.s',
    ],
    [
      'only weights of zero',
      {
        apps: [
          app({
            sms: { providers: [{ id: 's', type: 'sandbox' }], routes: [{ use: ['s'], weights: { s: 0 } }] },
          }),
        ],
      },
      'apps[0].sms.routes[0].weights',
    ],
    [
      'a price of an unknown provider',
      { apps: [app({ sms: { guard: { prices: [{ provider: 'x', perSegment: 1 }] } } })] },
      'apps[0].sms.guard.prices[0].provider',
    ],
    [
      'a repeated provider',
      {
        apps: [
          app({
            sms: {
              providers: [
                { id: 's', type: 'sandbox' },
                { id: 's', type: 'sandbox' },
              ],
            },
          }),
        ],
      },
      'apps[0].sms.providers[1].id',
    ],
    [
      'a repeated APNs environment',
      {
        apps: [
          app({
            push: {
              providers: ['sandbox', 'production', 'sandbox'].map((environment) => ({
                ...{
                  id: 'd',
                  type: 'apns',
                  key: 'PEM',
                  keyId: 'K',
                  teamId: 'T',
                  bundleId: 'com.example.app',
                },
                environment,
              })),
            },
          }),
        ],
      },
      'apps[0].push.providers[2].id',
    ],
    [
      'a sandbox with the id of another provider',
      {
        apps: [
          app({
            push: {
              providers: [
                { id: 'd', type: 'fcm' },
                { id: 'd', type: 'sandbox' },
              ],
            },
          }),
        ],
      },
      'apps[0].push.providers[1].id',
    ],
  ])('is refused with %s', (_, tree, at) => {
    expect(pathsOf(tree)).toContain(at);
  });
});
