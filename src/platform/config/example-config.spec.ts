import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { Fault } from '../errors/gateway-error.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { DEMO_CONFIG } from './demo-config.js';
import type { GatewayConfig } from './gateway-config.js';
import { loadGatewayConfig, parseGatewayConfig } from './load-gateway-config.js';
import { readProcessSettings } from './process-settings.js';
import { HuaweiCategorySettings, BurstSettings } from './push-presentation-settings.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bellhop-config-'));
  writeFileSync(path.join(directory, 'key.p8'), '-----BEGIN PRIVATE KEY-----\n');
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
const byPath = (a: Fault, b: Fault): number => a.path.localeCompare(b.path);
const pathsOf = (tree: unknown): string[] => check(tree).faults.map((fault) => fault.path);

describe('the demo configuration', () => {
  it('is valid', () => {
    expect(check(DEMO_CONFIG).faults).toEqual([]);
  });
});

describe('bellhop.example.yaml', () => {
  const text = readFileSync('bellhop.example.yaml', 'utf8');
  const env: NodeJS.ProcessEnv = { VAPID_PRIVATE_KEY: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw' };
  for (const [, name = ''] of text.matchAll(/\$\{([A-Z_]+)\}/g))
    env[name] ??= `AC-${name}-1234`.replaceAll(/[-_]/g, '');

  it('is valid and shows every default', () => {
    const { config, faults } = check(parse(text), env);
    expect(faults).toEqual([]);
    const { apps: _apps, ...defaults } = check({ apps: [app()] }).config;
    expect(config).toMatchObject(defaults);
    expect(config.apps[0]?.push.storm).toEqual(new BurstSettings());
    expect(config.apps[0]?.webhook.basicAuth?.[0]?.password).toBe('ACWEBHOOKPASSWORD1234');
  });

  it('may have a mapping whose keys are all commented out', () => {
    expect(text).toMatch(/^ *huaweiCategory:\n *# /m);
    expect(check(parse(text), env).config.apps[0]?.push.huaweiCategory).toEqual(new HuaweiCategorySettings());
  });

  it('has valid rules in its comments', () => {
    const commented = /^ *# rules:\n(?: *# .*\n)+/m.exec(text)?.[0] ?? '';
    const { rules } = parse(commented.replaceAll(/^ *# (?=rules|  )/gm, '')) as { rules: unknown[] };
    expect(rules).toHaveLength(4);
    expect(pathsOf({ apps: [app({ rules })] })).toEqual([]);
  });
});

describe('the shipped .env', () => {
  it('is refused in production with every value that has to be changed', () => {
    const env: NodeJS.ProcessEnv = { NODE_ENV: 'production', QUEUE: 'postgres' };
    for (const [, name = '', value] of readFileSync('.env.example', 'utf8').matchAll(/^([A-Z_]+)=(.*)$/gm))
      env[name] = value;
    const { faults } = loadGatewayConfig({
      configPath: 'docker/bellhop.yaml',
      production: true,
      env,
      providerTypes: PROVIDER_TYPES,
    });
    expect(
      [...faults.toSorted(byPath), ...readProcessSettings(env).faults].map(({ path: at }) => at),
    ).toEqual([
      'apps[0].clients.apiKeys[0]',
      'apps[0].clients.jwt.secret',
      'apps[0].webhook.basicAuth[0].password',
      'DATABASE_URL', // docker-compose.yml derives it from POSTGRES_PASSWORD, and fails if that is empty
      'ADMIN_PASSWORD',
    ]);
  });
});
