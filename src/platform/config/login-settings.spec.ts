import { describe, expect, it } from '@jest/globals';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import type { Fault } from '../errors/gateway-error.js';
import { ApiKeySettings } from './api-key-settings.js';
import { DEMO_CONFIG } from './demo-config.js';
import { contradictoryLogins } from './exposure.js';
import { parseGatewayConfig } from './load-gateway-config.js';
import { readProcessSettings } from './process-settings.js';
import { redactSecrets } from './secrets.js';

const HASH = `sha256:${'0f'.repeat(32)}`;
const [app] = DEMO_CONFIG.apps;
const check = (change: object, production = false) =>
  parseGatewayConfig({ ...DEMO_CONFIG, ...change }, '.', {}, PROVIDER_TYPES, production);
const withKeys = (apiKeys: unknown, production = false) =>
  check({ apps: [{ ...app, clients: { apiKeys } }] }, production);
const found = (faults: readonly Fault[]): string[] =>
  faults.map(({ path, problem }) => `${path} ${problem}`.replace('apps[0].clients.', ''));

describe('clients.apiKeys', () => {
  it('may mix strings and mappings, which have every scope by default', () => {
    const { config, faults } = withKeys([
      'plain-key',
      { name: 'crm', key: 'key-of-crm' },
      { name: 'h', keyHash: HASH },
    ]);
    expect(faults).toEqual([]);
    const [plain, crm] = config.apps[0]?.clients.apiKeys ?? [];
    expect(plain).toBe('plain-key');
    expect(crm).toBeInstanceOf(ApiKeySettings);
    expect(crm).toMatchObject({ name: 'crm', scopes: ['send', 'devices', 'read', 'admin'] });
    expect(JSON.stringify(redactSecrets(config))).not.toContain('key-of-crm');
  });

  it('reports every fault with its path', () => {
    const { faults } = withKeys([
      'short',
      { key: 'key-without-a-name' },
      { name: 'a', key: 'short' },
      { name: 'b' },
      { name: 'c', key: 'key-of-c', keyHash: HASH },
      { name: 'd', keyHash: 'sha256:0f', scopes: ['write'], expiresAt: '2026-02-30', colour: 'red' },
      { name: 'd', key: 'key-of-d', scopes: [] },
    ]);
    expect(found(faults).toSorted()).toEqual(
      [
        'apiKeys has an item that must have at least 8 characters',
        'apiKeys[1].name is required',
        'apiKeys[2].key must have at least 8 characters',
        'apiKeys[3].key is required, unless keyHash is set',
        'apiKeys[4].keyHash is set beside key: choose one',
        'apiKeys[5].keyHash must be sha256: and 64 hexadecimal digits',
        'apiKeys[5].scopes must be one of send, devices, read, admin',
        'apiKeys[5].expiresAt must be a date such as 2027-01-31T00:00:00Z',
        'apiKeys[5].colour is not a known key',
        'apiKeys[6].name is used twice',
        'apiKeys[6].scopes must have at least 1 item',
      ].toSorted(),
    );
  });

  it.each([5, {}, null, [5], [null]])('must be a list of keys: not %j', (keys) => {
    expect(withKeys(keys).faults.map(({ path }) => path)).toEqual(['apps[0].clients.apiKeys']);
  });

  it('must not contain placeholders in production', () => {
    const { faults } = withKeys(['change-me-first', { name: 'a', key: 'change-me-second' }], true);
    expect(faults.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['apps[0].clients.apiKeys[0]', 'apps[0].clients.apiKeys[1].key']),
    );
  });
});

describe('admin.users', () => {
  it('must have a name and a hash each', () => {
    const users = [
      { username: 'a:b', password: HASH },
      { username: 'ann', password: 'hunter2', role: 'root' },
      { username: 'ann', password: HASH },
    ];
    const { faults } = check({ admin: { users } });
    expect(faults.map(({ path }) => path).toSorted()).toEqual([
      'admin.users[0].username',
      'admin.users[1].password',
      'admin.users[1].role',
      'admin.users[2].username',
    ]);
    expect(JSON.stringify(faults)).not.toContain('hunter2');
  });

  it('are viewers unless they have another role', () => {
    expect(
      check({ admin: { users: [{ username: 'ann', password: HASH }] } }).config.admin.users,
    ).toMatchObject([{ role: 'viewer' }]);
  });
});

describe('logins that contradict the environment', () => {
  const contradictions = (admin: unknown, env: NodeJS.ProcessEnv = {}): string[] =>
    contradictoryLogins(readProcessSettings(env).settings, check({ admin }).config).map(({ path }) => path);

  it('are a second ADMIN_USERNAME, and a header that nobody is trusted to send', () => {
    const users = ['ann', 'root'].map((username) => ({ username, password: HASH }));
    expect(contradictions({ users }, { ADMIN_USERNAME: 'root' })).toEqual(['admin.users[1].username']);
    const byProxy = { trustedHeader: 'X-Forwarded-User' };
    expect(contradictions(byProxy)).toEqual(['admin.trustedHeader']);
    expect(contradictions(byProxy, { TRUST_PROXY: 'loopback' })).toEqual([]);
  });

  it.each([5, null, [], { users: 5 }, { users: [5] }, { trustedHeader: 5 }])(
    'are looked for in a configuration with other faults: %j',
    (admin) => {
      expect(contradictions(admin)).toEqual([]);
    },
  );
});
