import { describe, expect, it } from '@jest/globals';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { DEMO_CONFIG } from './demo-config.js';
import { effectiveSettings, type EffectiveSetting } from './effective-settings.js';
import { parseGatewayConfig } from './load-gateway-config.js';
import { readProcessSettings } from './process-settings.js';

function shown(
  tree: object,
  env: NodeJS.ProcessEnv,
  isDemo = false,
): Map<string, Omit<EffectiveSetting, 'path'>> {
  const { config, faults } = parseGatewayConfig(tree, '.', env, PROVIDER_TYPES);
  expect(faults).toEqual([]);
  const { reading } = readProcessSettings(env);
  const settings = effectiveSettings(config, { reading, tree }, isDemo);
  return new Map(settings.map(({ path, ...one }) => [path, one]));
}

const app = (change: object): object => ({
  appId: 'a',
  region: 'us',
  webhook: { basicAuth: [{ username: 'u', password: '${PASSWORD}' }] },
  ...change,
});

describe('the effective settings', () => {
  it('name the source of each value', () => {
    const settings = shown({ apps: [app({})] }, { PASSWORD: 'hunter2', PORT: '8080' });
    expect([settings.get('PORT'), settings.get('HOST')]).toEqual([
      { value: 8080, source: 'environment' },
      { value: '127.0.0.1', source: 'default' },
    ]);
    expect(settings.get('apps[0].region')).toEqual({ value: 'us', source: 'file' });
    expect(settings.get('apps[0].webhook.basicAuth[0].password')).toEqual({
      ...{ value: '[set]', source: 'environment' },
    });
    expect(settings.get('devices.retireAfterDays')).toEqual({ value: 270, source: 'default' });
    expect(shown(DEMO_CONFIG, {}, true).get('apps[0].appId')?.source).toBe('demo');
  });

  it('contain no secret, wherever it may stand', () => {
    const url = 'https://user:hunter2@gw.example.com/hunter2/send?key=hunter2';
    const provider = { id: 'gw', type: 'http', method: 'POST', url, headers: { Authorization: 'hunter2' } };
    const endpoint = 'https://user:hunter2@vendor.example';
    const settings = shown(
      {
        apps: [
          app({
            clients: { apiKeys: ['hunter2-hunter2', { name: 'x', key: 'hunter2-hunter2' }] },
            sms: {
              providers: [
                { ...provider, body: 'to={{ to }}&key=hunter2' },
                { id: 'i', type: 'infobip', apiKey: 'hunter2', from: 'x', endpoint },
              ],
            },
          }),
        ],
      },
      {
        PASSWORD: 'hunter2',
        DATABASE_URL: 'postgresql://user:hunter2@db.example/bellhop?password=hunter2',
        REDIS_URL: 'redis://:hunter2@redis.example:6379',
        ADMIN_PASSWORD: 'hunter2',
      },
    );
    expect(JSON.stringify([...settings])).not.toContain('hunter2');
    expect(settings.get('DATABASE_URL')?.value).toBe('postgresql://db.example/bellhop');
    expect(settings.get('apps[0].sms.providers[0].headers')?.value).toEqual({ Authorization: '[set]' });
    expect(settings.get('apps[0].sms.providers[1].endpoint')?.value).toBe('https://vendor.example');
  });
});
