import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../errors/gateway-error.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import type { GatewayConfig } from './gateway-config.js';
import { loadGatewayConfig, parseGatewayConfig } from './load-gateway-config.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bellhop-config-'));
  writeFileSync(path.join(directory, 'firebase.json'), '{"project_id":"p"}\n');
  writeFileSync(path.join(directory, 'password'), 'from-a-file\n');
  writeFileSync(path.join(directory, 'keys'), 'first-key-1\nsecond-key-2\n');
});
afterAll(() => rmSync(directory, { recursive: true }));

const app = (change: object = {}): object => ({
  appId: 'a',
  region: 'us',
  webhook: { basicAuth: [{ username: 'u', password: 'p' }] },
  ...change,
});
const check = (tree: unknown, env: NodeJS.ProcessEnv = {}): { config: GatewayConfig; faults: Fault[] } =>
  parseGatewayConfig(tree, directory, env, PROVIDER_TYPES);

describe('the configuration file', () => {
  it('may name files with secrets, relative to its own path', () => {
    const { config, faults } = check({
      apps: [
        app({
          webhook: { basicAuth: [{ username: 'u', passwordFile: './password' }] },
          clients: { apiKeysFile: 'keys' },
          push: { providers: [{ id: 'f', type: 'fcm', serviceAccountFile: 'firebase.json' }] },
        }),
      ],
    });
    expect(faults).toEqual([]);
    expect(config.apps[0]?.webhook.basicAuth?.[0]?.password).toBe('from-a-file');
    expect(config.apps[0]?.clients.apiKeys).toEqual(['first-key-1', 'second-key-2']);
    expect(config.apps[0]?.push.providers[0]).toMatchObject({ serviceAccount: '{"project_id":"p"}' });
  });

  it('is refused if a secret file is missing or redundant', () => {
    const basicAuth = [
      { username: 'u', passwordFile: 'nowhere' },
      { username: 'v', password: 'p', passwordFile: 'password' },
    ];
    expect(check({ apps: [app({ webhook: { basicAuth } })] }).faults).toEqual([
      { path: 'apps[0].webhook.basicAuth[0].passwordFile', problem: 'cannot be read (ENOENT)' },
      { path: 'apps[0].webhook.basicAuth[1].passwordFile', problem: 'is set beside password: choose one' },
    ]);
  });

  it('is refused with placeholders in production', () => {
    const tree = {
      apps: [
        app({
          webhook: {
            basicAuth: [{ username: 'u', password: '${WEBHOOK_PASSWORD}' }],
            signature: { secret: 'Change-Me' },
          },
          clients: {
            apiKeys: ['backend-key-1', 'change-me-backend-key'],
            jwt: { secret: 'changeme-0123456789' },
          },
          sms: {
            text: { templates: { fr: 'changement: {{ count }}', en: 'Change me' } },
            providers: [
              { id: 't', type: 'twilio', accountSid: 'AC1', authToken: 'change_me', from: '+14155550100' },
              {
                ...{ id: 'h', type: 'http', url: 'https://gw.example.com/?password=change-me-kannel' },
                ...{
                  headers: { Authorization: 'Bearer change-me' },
                  body: '{"key":"change-me","to":"{{ to }}"}',
                },
              },
            ],
          },
        }),
      ],
    };
    const env = { WEBHOOK_PASSWORD: 'change-me-webhook' };
    const inProduction = parseGatewayConfig(tree, directory, env, PROVIDER_TYPES, true).faults;
    expect(inProduction.map(({ path: at }) => at).toSorted()).toEqual(
      [
        'apps[0].webhook.basicAuth[0].password',
        'apps[0].webhook.signature.secret',
        'apps[0].clients.apiKeys[1]',
        'apps[0].clients.jwt.secret',
        'apps[0].sms.providers[0].authToken',
        'apps[0].sms.providers[1].url',
        'apps[0].sms.providers[1].headers.Authorization',
        'apps[0].sms.providers[1].body',
      ].toSorted(),
    );
    expect(inProduction[0]?.problem).toContain('placeholder');
    expect(JSON.stringify(inProduction)).not.toContain('change-me-webhook');
    expect(check(tree, env).faults).toEqual([]);
  });

  it('is required in production only', () => {
    expect(
      loadGatewayConfig({ configPath: undefined, production: false, env: {}, providerTypes: PROVIDER_TYPES }),
    ).toMatchObject({
      source: null,
      faults: [],
    });
    expect(
      loadGatewayConfig({ configPath: undefined, production: true, env: {}, providerTypes: PROVIDER_TYPES })
        .faults,
    ).toMatchObject([{ path: 'BELLHOP_CONFIG' }]);
    expect(
      loadGatewayConfig({
        configPath: 'nowhere.yaml',
        production: false,
        env: {},
        providerTypes: PROVIDER_TYPES,
      }).faults,
    ).toMatchObject([{ path: 'BELLHOP_CONFIG', problem: 'names a file that cannot be read (ENOENT)' }]);
  });

  it('is refused with the line of its fault if it is not YAML', () => {
    const file = path.join(directory, 'broken.yaml');
    writeFileSync(file, 'apps:\n  - a: [1,\n');
    expect(
      loadGatewayConfig({ configPath: file, production: false, env: {}, providerTypes: PROVIDER_TYPES })
        .faults[0]?.problem,
    ).toMatch(/line \d/);
  });
});
