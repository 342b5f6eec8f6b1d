import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { DEMO_CONFIG } from './demo-config.js';
import type { GatewayConfig } from './gateway-config.js';
import { interpolate } from './interpolate.js';
import { HuaweiCategorySettings, BurstSettings } from './push-presentation-settings.js';
import { loadGatewayConfig, parseGatewayConfig } from './load-gateway-config.js';
import { PROVIDER_TYPES } from '../../providers/provider-types.js';
import { readProcessSettings } from './process-settings.js';
import { redactSecrets } from './secrets.js';
import type { Fault } from '../errors/gateway-error.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bellhop-config-'));
  writeFileSync(path.join(directory, 'firebase.json'), '{"project_id":"p"}\n');
  writeFileSync(path.join(directory, 'key.p8'), '-----BEGIN PRIVATE KEY-----\n');
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
const byPath = (a: Fault, b: Fault): number => a.path.localeCompare(b.path);
const pathsOf = (tree: unknown): string[] => check(tree).faults.map((fault) => fault.path);

describe('the configuration', () => {
  it('that is built in is right', () => {
    expect(check(DEMO_CONFIG).faults).toEqual([]);
  });

  describe('of the example', () => {
    const text = readFileSync('bellhop.example.yaml', 'utf8');
    const env: NodeJS.ProcessEnv = { VAPID_PRIVATE_KEY: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw' };
    for (const [, name = ''] of text.matchAll(/\$\{([A-Z_]+)\}/g))
      env[name] ??= `AC-${name}-1234`.replaceAll(/[-_]/g, '');

    it('is right, and shows every default as it is', () => {
      const { config, faults } = check(parse(text), env);
      expect(faults).toEqual([]);
      const { apps: _apps, ...defaults } = check({ apps: [app()] }).config;
      expect(config).toMatchObject(defaults);
      expect(config.apps[0]?.push.storm).toEqual(new BurstSettings());
      expect(config.apps[0]?.webhook.basicAuth?.[0]?.password).toBe('ACWEBHOOKPASSWORD1234');
    });

    it('may have a mapping whose keys are all commented out', () => {
      expect(text).toMatch(/^ *huaweiCategory:\n *# /m);
      expect(check(parse(text), env).config.apps[0]?.push.huaweiCategory).toEqual(
        new HuaweiCategorySettings(),
      );
    });

    it('has rules commented out that are right, too', () => {
      const commented = /^ *# rules:\n(?: *# .*\n)+/m.exec(text)?.[0] ?? '';
      const { rules } = parse(commented.replaceAll(/^ *# (?=rules|  )/gm, '')) as { rules: unknown[] };
      expect(rules).toHaveLength(4);
      expect(pathsOf({ apps: [app({ rules })] })).toEqual([]);
    });
  });

  it('has every fault named at once, with its path', () => {
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
    ['a string', 'apps', ''],
    ['nothing', null, ''],
    ['an app twice', { apps: [app(), app()] }, 'apps[1].appId'],
    [
      'a route to nobody',
      { apps: [app({ sms: { providers: [], routes: [{ use: ['x'] }] } })] },
      'apps[0].sms.routes[0].use[0]',
    ],
    [
      'a weight of a provider that is not in use',
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
      'a weight that is none',
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
      'weights of nothing',
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
      'a price of a provider that there is not',
      { apps: [app({ sms: { guard: { prices: [{ provider: 'x', perSegment: 1 }] } } })] },
      'apps[0].sms.guard.prices[0].provider',
    ],
    [
      'a provider twice',
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
      'an APNs environment twice',
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
      'a sandbox that shares its id',
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
  ])('is refused with %s', (_what, tree, at) => {
    expect(pathsOf(tree)).toContain(at);
  });

  it('reads secrets from files, next to the file that names them', () => {
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

  it('reports faults across blocks together with all others', () => {
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
    ['nothing', null],
    ['another mapping', { routes: { use: 'x' }, providers: 'y', guard: [], weights: 3 }],
  ])('may have %s in the place of any block, which is a fault like any other', (_what, wrong) => {
    const keys = ['webhook', 'clients', 'cometchat', 'push', 'sms', 'rules'];
    for (const key of keys)
      expect(pathsOf({ apps: [app({ [key]: wrong, region: 'moon' })] })).toContain('apps[0].region');
    for (const key of ['providers', 'routes', 'guard', 'optOut', 'text'])
      expect(pathsOf({ apps: [app({ sms: { [key]: wrong }, region: 'moon' })] })).toContain('apps[0].region');
    expect(pathsOf({ apps: [wrong], delivery: wrong, extra: 1 })).toContain('extra');
    expect(pathsOf({ apps: wrong, extra: 1 })).toContain('extra');
  });

  it('holds no placeholder in production', () => {
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

  it('of the shipped .env is refused in production, with every value that has to be changed', () => {
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
      'DATABASE_URL', // docker-compose.yml makes it of POSTGRES_PASSWORD, and stops where that is empty
      'ADMIN_PASSWORD',
    ]);
  });

  it('names a missing and a superfluous secret file', () => {
    const basicAuth = [
      { username: 'u', passwordFile: 'nowhere' },
      { username: 'v', password: 'p', passwordFile: 'password' },
    ];
    expect(check({ apps: [app({ webhook: { basicAuth } })] }).faults).toEqual([
      { path: 'apps[0].webhook.basicAuth[0].passwordFile', problem: 'cannot be read (ENOENT)' },
      { path: 'apps[0].webhook.basicAuth[1].passwordFile', problem: 'is set beside password: choose one' },
    ]);
  });

  it('is logged without its secrets', () => {
    const { config } = check(DEMO_CONFIG);
    const logged = JSON.stringify(redactSecrets(config));
    expect(logged).toContain('"password":"set"');
    expect(logged).toContain('"apiKeys":"1 set"');
    for (const secret of ['webhook-demo', 'backend-demo-key', 'client-demo-secret'])
      expect(logged).not.toContain(secret);
  });

  it('is logged without the users and passwords of its URLs', () => {
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

  it('is logged without HTTP gateway requests, which may contain secrets', () => {
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
    // The words are taken so in a request alone.
    const rule = { type: 'rule', url: 'https://example.com/a', body: 'New message' };
    expect(redactSecrets(rule)).toEqual(rule);
  });

  it('must be there in production, and may be missing otherwise', () => {
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

  it('that is not YAML is refused with the line', () => {
    const file = path.join(directory, 'broken.yaml');
    writeFileSync(file, 'apps:\n  - a: [1,\n');
    expect(
      loadGatewayConfig({ configPath: file, production: false, env: {}, providerTypes: PROVIDER_TYPES })
        .faults[0]?.problem,
    ).toMatch(/line \d/);
  });
});

describe('interpolate', () => {
  const env = { NAME: 'value', EMPTY: '' };
  it.each([
    ['${NAME}', 'value'],
    ['a${NAME}b${NAME}', 'avaluebvalue'],
    ['${OTHER:-fallback}', 'fallback'],
    ['${OTHER:-}', ''],
    ['${EMPTY:-fallback}', 'fallback'],
    ['${EMPTY}', ''],
    ['$${NAME}', '${NAME}'],
    ['$NAME', '$NAME'],
    ['${1}', '${1}'],
  ])('%s -> %s', (text, expected) => {
    const faults: Fault[] = [];
    expect(interpolate({ a: [text] }, env, faults)).toEqual({ a: [expected] });
    expect(faults).toEqual([]);
  });

  it('names missing variables', () => {
    const faults: Fault[] = [];
    interpolate({ a: [{ b: '${OTHER}' }] }, env, faults);
    expect(faults).toEqual([
      { path: 'a[0].b', problem: 'needs the environment variable OTHER, which is not set' },
    ]);
  });
});

describe('the process settings', () => {
  const faultsOf = (env: NodeJS.ProcessEnv): string[] =>
    readProcessSettings(env).faults.map((fault) => fault.path);

  it('are all optional outside production', () => {
    expect(readProcessSettings({})).toMatchObject({
      faults: [],
      settings: {
        host: '127.0.0.1',
        port: 3000,
        role: 'all',
        dataDir: './data',
        spoolDir: 'data/spool',
        spoolMaxMb: 256,
        logLevel: 'info',
        production: false,
      },
    });
  });

  it('have no demo value in production', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([
      'REDIS_URL',
      'DATABASE_URL',
      'ADMIN_USERNAME',
      'ADMIN_PASSWORD',
    ]);
    const complete = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://x/y',
      ADMIN_USERNAME: 'a',
      ADMIN_PASSWORD: 'twelve-chars',
    };
    expect(faultsOf({ ...complete, QUEUE: 'postgres' })).toEqual([]);
    expect(faultsOf({ ...complete, REDIS_URL: 'rediss://x' })).toEqual([]);
    expect(faultsOf(complete)).toEqual(['REDIS_URL']);
  });

  it('are not placeholders in production, nor a password of an operator that can be guessed', () => {
    const env = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://bellhop:change-me-postgres@x/y',
      REDIS_URL: 'redis://:change-me@x',
      REDIS_SENTINELS: 's:26379',
      REDIS_SENTINEL_PASSWORD: 'change-me',
      ADMIN_USERNAME: 'a',
      ADMIN_PASSWORD: 'change-me-admin-password',
    };
    const names = ['DATABASE_URL', 'REDIS_URL', 'REDIS_SENTINEL_PASSWORD', 'ADMIN_PASSWORD'];
    expect(faultsOf(env)).toEqual(names);
    const { problem } = readProcessSettings(env).faults[0] ?? {};
    expect(problem).toContain('placeholder');
    expect(faultsOf({ ...env, NODE_ENV: undefined })).toEqual([]);
    const good = {
      ...env,
      DATABASE_URL: 'postgres://x/y',
      REDIS_URL: 'redis://x',
      REDIS_SENTINEL_PASSWORD: '',
    };
    expect(readProcessSettings({ ...good, ADMIN_PASSWORD: 'eleven-char' }).faults).toEqual([
      { path: 'ADMIN_PASSWORD', problem: 'must have 12 characters at least in production' },
    ]);
    expect(faultsOf({ ...good, ADMIN_PASSWORD: 'twelve-chars' })).toEqual([]);
  });

  describe('from files', () => {
    const file = (name: string, content: string): string => {
      writeFileSync(path.join(directory, name), content);
      return path.join(directory, name);
    };

    it('are read without the trailing line break', () => {
      const { settings, faults } = readProcessSettings({
        NODE_ENV: 'production',
        DATABASE_URL_FILE: file('database-url', 'postgres://user:secret@db/bellhop\n'),
        REDIS_URL_FILE: file('redis-url', 'rediss://:secret@redis:6379\r\n'),
        REDIS_SENTINELS: 's:26379',
        REDIS_SENTINEL_PASSWORD_FILE: file('sentinel-password', 'of the sentinels'),
        ADMIN_USERNAME: 'operator',
        ADMIN_PASSWORD_FILE: file('admin-password', ' with spaces in it \n\n'),
      });
      expect(faults).toEqual([]);
      expect(settings).toMatchObject({
        databaseUrl: 'postgres://user:secret@db/bellhop',
        redisUrl: 'rediss://:secret@redis:6379',
        redis: { sentinel: { password: 'of the sentinels' } },
        admin: { username: 'operator', password: ' with spaces in it ' },
      });
    });

    it('are held to the same rules', () => {
      const env = { NODE_ENV: 'production', QUEUE: 'postgres', ADMIN_USERNAME: 'operator' };
      const DATABASE_URL_FILE = file('wrong-url', 'mysql://x');
      const ADMIN_PASSWORD_FILE = file('placeholder', 'change-me-admin\n');
      expect(faultsOf({ ...env, DATABASE_URL_FILE, ADMIN_PASSWORD_FILE })).toEqual([
        'DATABASE_URL',
        'ADMIN_PASSWORD',
      ]);
    });

    it('are reported with all other faults, each once', () => {
      const { faults } = readProcessSettings({
        NODE_ENV: 'production',
        PORT: 'http',
        DATABASE_URL_FILE: path.join(directory, 'nowhere'),
        REDIS_URL: 'redis://x',
        REDIS_URL_FILE: file('redis-url', 'redis://y'),
        ADMIN_PASSWORD_FILE: file('empty', '\n'),
      });
      expect(faults).toEqual([
        { path: 'DATABASE_URL_FILE', problem: 'names a file that cannot be read (ENOENT)' },
        { path: 'REDIS_URL_FILE', problem: 'is set beside REDIS_URL: choose one' },
        { path: 'ADMIN_PASSWORD_FILE', problem: 'names a file that is empty' },
        { path: 'PORT', problem: 'must be a whole number from 0 to 65535' },
        { path: 'ADMIN_USERNAME', problem: expect.stringContaining('is required in production') },
      ]);
    });
  });

  it('name the proxies that are believed', () => {
    const TRUST_PROXY = 'loopback, 10.0.0.0/8,192.0.2.1 , 2001:db8::/32';
    expect(readProcessSettings({ TRUST_PROXY })).toMatchObject({
      faults: [],
      settings: { trustedProxies: ['loopback', '10.0.0.0/8', '192.0.2.1', '2001:db8::/32'] },
    });
    expect(readProcessSettings({}).settings.trustedProxies).toEqual([]);
  });

  it.each([
    ['PORT', { PORT: '70000' }],
    ['PORT', { PORT: 'http' }],
    ['ROLE', { ROLE: 'boss' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }],
    ['REDIS_URL', { REDIS_URL: 'http://x' }],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://x' }],
    ['DATABASE_URL', { ROLE: 'api' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'example.com' }],
    ['TRUST_PROXY', { TRUST_PROXY: '1' }],
    ['TRUST_PROXY', { TRUST_PROXY: 'true' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.1, proxy.example' }],
    ['TRUST_PROXY', { TRUST_PROXY: '0.0.0.0/0' }],
    ['TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/33' }],
    ['TRUST_PROXY', { TRUST_PROXY: 'fc00::/129' }],
    ['SPOOL_MAX_MB', { SPOOL_MAX_MB: '-1' }],
    ['SPOOL_MAX_MB', { SPOOL_MAX_MB: 'much' }],
    ['QUEUE', { QUEUE: 'postgres', REDIS_URL: 'redis://x' }],
    ['REDIS_URL', { QUEUE: 'redis' }],
    ['REDIS_URL', { REDIS_SENTINELS: 's:26379' }],
    ['REDIS_URL', { REDIS_CLUSTER: 'a:7000', REDIS_URL: 'redis://x/1' }],
    ['REDIS_SENTINELS', { REDIS_SENTINELS: 's1:26379,s2', REDIS_URL: 'redis://x' }],
    ['REDIS_SENTINEL_PASSWORD', { REDIS_SENTINEL_PASSWORD: 'p', REDIS_URL: 'redis://x' }],
    ['REDIS_CLUSTER', { REDIS_CLUSTER: 'a:70000', REDIS_URL: 'redis://x' }],
    ['REDIS_CLUSTER', { REDIS_CLUSTER: 'a:7000', REDIS_SENTINELS: 's:26379', REDIS_URL: 'redis://x' }],
    ['QUEUE_SHARDS', { QUEUE_SHARDS: '65', REDIS_URL: 'redis://x' }],
    ['QUEUE_SHARDS', { QUEUE_SHARDS: '0', REDIS_URL: 'redis://x' }],
    ['QUEUE_SHARDS', { QUEUE_SHARDS: '2' }],
    ['REDIS_WAIT_REPLICAS', { REDIS_WAIT_REPLICAS: '1' }],
    ['REDIS_WAIT_REPLICAS', { REDIS_WAIT_REPLICAS: 'one', REDIS_URL: 'redis://x' }],
  ])('refuse a wrong %s', (name, env) => {
    expect(faultsOf(env)).toEqual([name]);
  });

  it('read where Sentinels and the nodes of a Cluster are', () => {
    const redisOf = (env: NodeJS.ProcessEnv): unknown => {
      const { settings, faults } = readProcessSettings({ REDIS_URL: 'redis://x', ...env });
      expect(faults).toEqual([]);
      return settings.redis;
    };
    const alone = { sentinel: undefined, cluster: undefined, shards: 1, waitReplicas: 0 };
    expect(redisOf({})).toEqual(alone);
    expect(redisOf({ REDIS_SENTINELS: 's1:26379, [::1]:26380', REDIS_SENTINEL_PASSWORD: 'p' })).toEqual({
      ...alone,
      sentinel: {
        nodes: [
          { host: 's1', port: 26_379 },
          { host: '::1', port: 26_380 },
        ],
        master: 'mymaster',
        username: undefined,
        password: 'p',
      },
    });
    expect(redisOf({ REDIS_CLUSTER: 'a:7000', QUEUE_SHARDS: '6', REDIS_WAIT_REPLICAS: '1' })).toEqual({
      ...alone,
      cluster: [{ host: 'a', port: 7_000 }],
      shards: 6,
      waitReplicas: 1,
    });
  });
});
