import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readProcessSettings } from './process-settings.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'bellhop-config-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

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
        processes: 1,
        dataDir: './data',
        spoolDir: 'data/spool',
        spoolMaxMb: 256,
        logLevel: 'info',
        production: false,
      },
    });
  });

  it('take a number of processes, or one per core', () => {
    const processesOf = (PROCESSES: string): number => readProcessSettings({ PROCESSES }).settings.processes;
    expect(processesOf('4')).toBe(4);
    expect(processesOf('auto')).toBe(Math.min(os.availableParallelism(), 64));
    for (const PROCESSES of ['0', '65', '-1', '1.5', '2x', 'all', '1e1']) {
      expect(readProcessSettings({ PROCESSES }).faults).toEqual([
        { path: 'PROCESSES', problem: 'must be a whole number from 1 to 64, or auto' },
      ]);
    }
  });

  it('have no demo values in production', () => {
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

  it('are refused in production if they are placeholders or a short operator password', () => {
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

  describe('read from files', () => {
    const file = (name: string, content: string): string => {
      writeFileSync(path.join(directory, name), content);
      return path.join(directory, name);
    };

    it('have the content of the file without its final line break', () => {
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

    it('are validated by the same rules', () => {
      const env = { NODE_ENV: 'production', QUEUE: 'postgres', ADMIN_USERNAME: 'operator' };
      const DATABASE_URL_FILE = file('wrong-url', 'mysql://x');
      const ADMIN_PASSWORD_FILE = file('placeholder', 'change-me-admin\n');
      expect(faultsOf({ ...env, DATABASE_URL_FILE, ADMIN_PASSWORD_FILE })).toEqual([
        'DATABASE_URL',
        'ADMIN_PASSWORD',
      ]);
    });

    it('are reported once each, together with all other faults', () => {
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

  it('list the trusted proxies', () => {
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
  ])('refuse an invalid %s: %j', (name, env) => {
    expect(faultsOf(env)).toEqual([name]);
  });

  it('list the addresses of Sentinels and Cluster nodes', () => {
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
