import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { parseGatewayConfig } from '../platform/config/load-gateway-config.js';
import { PROVIDER_TYPES } from './provider-types.js';
import { providerFaults } from './provider-faults.js';

const faultsOf = async (push: unknown, sms: unknown): Promise<string[]> => {
  const webhook = { basicAuth: [{ username: 'u', password: 'p' }] };
  const tree = {
    apps: [{ appId: 'a', region: 'us', webhook, push, sms: { defaultCountry: 'US', ...(sms as object) } }],
  };
  const { config, faults } = parseGatewayConfig(tree, '.', {}, PROVIDER_TYPES);
  return (await providerFaults(config, faults)).map(({ path, problem }) => `${path} ${problem}`);
};

describe('providerFaults', () => {
  it('reports the faults that vendors find in their blocks, except for blocks that are already faulty', async () => {
    const apns = { type: 'apns', key: 'hunter2', keyId: 'K', teamId: 'T', bundleId: 'com.example.app' };
    const push = {
      providers: [
        { id: 'f', type: 'fcm', serviceAccount: '{"project_id":"hunter2"}' },
        { id: 'a', ...apns },
        { id: 'b', ...apns, colour: 'red' },
        { id: 's', type: 'sandbox' },
      ],
    };
    const http = {
      id: 'gw',
      type: 'http',
      method: 'GET',
      url: 'https://gw.example.com/?p=hunter2',
      body: 'x',
    };
    const faults = await faultsOf(push, { providers: [http, { id: 'p', type: 'pigeon' }] });
    expect(faults).toEqual([
      'apps[0].push.providers[0] serviceAccount has no client_email',
      expect.stringMatching(/^apps\[0\]\.push\.providers\[1\] key /),
      'apps[0].sms.providers[0] body is not allowed with GET',
    ]);
    expect(faults.join()).not.toContain('hunter2');
  });

  it.each([undefined, null, 5, [], { providers: 'x' }])('treats %j as no providers', async (push) => {
    expect(await faultsOf(push, {})).toEqual([]);
  });
});
