import { describe, expect, it } from '@jest/globals';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { DEMO_CONFIG } from './demo-config.js';
import type { GatewayConfig } from './gateway-config.js';
import type { Fault } from '../errors/gateway-error.js';
import { parseGatewayConfig } from './load-gateway-config.js';
import { redactSecrets } from './secrets.js';

const app = (change: object = {}): object => ({
  appId: 'a',
  region: 'us',
  webhook: { basicAuth: [{ username: 'u', password: 'p' }] },
  ...change,
});
const check = (tree: unknown): { config: GatewayConfig; faults: Fault[] } =>
  parseGatewayConfig(tree, '.', {}, PROVIDER_TYPES);

describe('the logged configuration', () => {
  it('contains no secrets', () => {
    const { config } = check(DEMO_CONFIG);
    const logged = JSON.stringify(redactSecrets(config));
    expect(logged).toContain('"password":"set"');
    expect(logged).toContain('"apiKeys":"1 set"');
    for (const secret of ['webhook-demo', 'backend-demo-key', 'client-demo-secret'])
      expect(logged).not.toContain(secret);
  });

  it('contains no usernames and passwords of URLs', () => {
    const endpoint = 'https://user:hunter2@vendor.example:8443/base';
    const { config, faults } = check({
      apps: [
        app({
          clients: { jwt: { jwksUrl: endpoint } },
          cometchat: { apiEndpoint: endpoint },
          push: { providers: [{ id: 'f', type: 'fcm', endpoint, tokenEndpoint: endpoint }] },
          sms: { providers: [{ id: 'i', type: 'infobip', apiKey: 'k', from: 'x', endpoint }] },
        }),
      ],
    });
    expect(faults).toEqual([]);
    const logged = JSON.stringify(redactSecrets(config));
    expect(logged).not.toContain('hunter2');
    expect(logged.match(/https:\/\/vendor\.example:8443\/base/g)).toHaveLength(5);
  });

  it('contains no part of an HTTP provider’s request that may be a secret', () => {
    const block = (url: string): object => ({
      ...{ id: 'gw', type: 'http', method: 'POST', url },
      headers: { Authorization: 'Bearer hunter2', 'X-Empty': '' },
      body: 'password=hunter2&text={{ text }}',
    });
    const providers = [
      block('https://gw.example.com:8443/hunter2/send?password=hunter2&to={{ to }}'),
      block('http://user:hunter2@gw.example.com?apikey=hunter2'),
      block('https://user:hunter2@hunter2@gw.example.com/'),
      block('ftp://hunter2'),
    ];
    const { config } = check({ apps: [app({ sms: { providers } })] });
    const logged = redactSecrets(config.apps[0]?.sms.providers);
    expect(JSON.stringify(logged)).not.toContain('hunter2');
    const shown = { id: 'gw', type: 'http', method: 'POST', body: 'set' };
    const headers = { Authorization: 'set', 'X-Empty': undefined };
    expect(logged).toMatchObject([
      { ...shown, url: 'https://gw.example.com:8443/…', headers },
      { ...shown, url: 'http://gw.example.com/…', headers },
      { ...shown, url: 'https://gw.example.com/…', headers },
      { ...shown, url: 'set', headers },
    ]);
    // `url` and `body` are secret in a request only.
    const rule = { type: 'rule', url: 'https://example.com/a', body: 'New message' };
    expect(redactSecrets(rule)).toEqual(rule);
  });
});
