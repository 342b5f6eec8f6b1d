import 'reflect-metadata';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Finding } from '../../../src/cli/local/doctor/finding.js';
import { startAllVendors, type AllVendors } from '../../support/all-vendors.js';
import { runCommand } from '../../support/command.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import { startEmptyPostgres, type TestPostgres } from '../../support/postgres.js';
import { temporaryDirectory } from '../../support/process.js';
import { startRedisCluster } from '../../support/redis-cluster.js';
import { freePorts, onOwnRedis, redisCli, startRedis } from '../../support/redis-server.js';
import { startWebPushServer, type WebPushServer } from '../../support/web-push-server.js';
import { VendorServer } from '../../support/vendor-server.js';

type Tree = Record<string, unknown>;
interface Diagnosis {
  readonly code: number;
  readonly findings: readonly Finding[];
  /** Everything that is not in order, as `level subject`. */
  readonly problems: readonly string[];
}

/** Nothing listens on port 1. */
const AWAY = '127.0.0.1:1';

let vendors: AllVendors;
let browsers: WebPushServer;
let gateway: TestGateway;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let app: Tree;
let files = 0;

beforeAll(async () => {
  [vendors, browsers, directory] = await Promise.all([
    startAllVendors(),
    startWebPushServer(),
    temporaryDirectory(),
  ]);
  const { push, sms } = vendors.app as { push: { providers: Tree[] }; sms: Tree };
  // All push services are this one: the real ones are on the internet.
  const local = push.providers.map((block) =>
    block['type'] === 'webpush' ? { ...block, endpoint: browsers.url } : block,
  );
  app = { ...vendors.app, push: { providers: local }, sms: { ...sms, countries: ['US'] } };
  gateway = await startTestGateway({ config: { apps: [app] } });
  for (const channel of ['push', 'sms'] as const) vendors.cometchat.custom[channel] = customProvider(channel);
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([vendors.close(), browsers.close(), directory.remove()]);
});

const customProvider = (channel: 'push' | 'sms', change: object = {}) => ({
  isEnabled: true,
  webhookURL: `${gateway.url}/webhooks/cometchat/${channel}`,
  useBasicAuth: true,
  basicAuthUsername: 'cometchat',
  basicAuthPassword: 'webhook-demo',
  useStoredPhNo: false,
  ...change,
});

/** Runs `doctor` on the healthy set-up with these changes. */
async function diagnose({
  config = app,
  env = {},
  args = [],
}: { config?: Tree; env?: NodeJS.ProcessEnv; args?: string[] } = {}): Promise<Diagnosis> {
  const file = path.join(directory.path, `bellhop-${++files}.yaml`);
  await writeFile(file, JSON.stringify({ apps: [config] }));
  const spool = path.join(directory.path, 'spool');
  const end = await runCommand(['doctor', '--json', ...args], {
    BELLHOP_CONFIG: file,
    DATABASE_URL: gateway.databaseUrl,
    PUBLIC_URL: gateway.url,
    SPOOL_DIR: spool,
    SPOOL_MAX_MB: '1',
    ...env,
  });
  const { findings } = JSON.parse(end.stdout) as Pick<Diagnosis, 'findings'>;
  const problems = findings.filter(({ level }) => level !== 'ok');
  expect(problems.every(({ fix }) => fix !== null && fix !== '')).toBe(true);
  return { code: end.code, findings, problems: problems.map(({ level, subject }) => `${level} ${subject}`) };
}

const withBlock = (channel: 'push' | 'sms', type: string, change: Tree): Tree => {
  const settings = app[channel] as { providers: Tree[] };
  const providers = settings.providers.map((block) =>
    block['type'] === type ? { ...block, ...change } : block,
  );
  return { ...app, [channel]: { ...settings, providers } };
};
const textOf = ({ findings }: Diagnosis, subject: string): string =>
  findings.find((finding) => finding.subject === subject && finding.level !== 'ok')?.text ?? '';

describe('a healthy set-up', () => {
  it('has no problem, and nothing is sent', async () => {
    const { code, problems, findings } = await diagnose();
    expect(problems).toEqual([]);
    expect(code).toBe(0);
    const subjects = findings.map(({ subject }) => subject);
    expect(subjects).toEqual(
      expect.arrayContaining([
        'configuration',
        'postgresql',
        'postgresql migrations',
        'postgresql clock',
        'spool',
        'public url',
        'account app123/sms/twilio (twilio)',
        'account app123/push/default (apns sandbox)',
        'clock',
        'cometchat app123 push',
        'cometchat app123 sms',
      ]),
    );
    expect(subjects.filter((subject) => subject.startsWith('host '))).toHaveLength(
      new Set(subjects.filter((s) => s.startsWith('host '))).size,
    );
    for (const { received } of Object.values(vendors.each)) expect(received).toEqual([]);
  });

  it('is told in lines, and no secret is among them', async () => {
    await diagnose();
    const env = {
      BELLHOP_CONFIG: path.join(directory.path, `bellhop-${files}.yaml`),
      DATABASE_URL: gateway.databaseUrl,
      PUBLIC_URL: gateway.url,
      SPOOL_DIR: path.join(directory.path, 'spool'),
      SPOOL_MAX_MB: '1',
    };
    const end = await runCommand(['doctor', '--offline'], env);
    expect(end).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^0 fault\(s\), 0 warning\(s\), \d+ fine\.\n$/),
    });
    const lines = end.stdout.trimEnd().split('\n');
    expect(lines.every((line) => /^ok {7}[\w ]+: .+\.$/.test(line))).toBe(true);
    expect(end.stdout).not.toContain('webhook-demo');
  });

  it('is not asked about other apps', async () => {
    expect(
      await runCommand(['doctor', '--app', 'nobody'], {
        BELLHOP_CONFIG: path.join(directory.path, 'bellhop-1.yaml'),
      }),
    ).toMatchObject({ code: 2 });
    const { code, problems } = await diagnose({ args: ['--app', 'app123', '--offline'] });
    expect([code, problems]).toEqual([0, []]);
  });
});

describe('a planted fault in configuration, stores and disk', () => {
  it('is found: an unknown key, with what is checked nevertheless', async () => {
    const found = await diagnose({ config: { ...app, colour: 'red' } });
    expect(found.problems).toEqual(['fault configuration', 'warning accounts']);
    expect(textOf(found, 'configuration')).toMatch(/^apps\[0\]\.colour /);
    expect(found.code).toBe(1);
  });

  it('is found: a short webhook password, SMS to any country, no REST API key, no PUBLIC_URL', async () => {
    const { restApiKey: _, ...cometchat } = app['cometchat'] as Tree;
    const config = {
      ...app,
      webhook: { basicAuth: [{ username: 'cometchat', password: 'short' }] },
      cometchat,
      sms: { ...(app['sms'] as Tree), countries: undefined },
    };
    const found = await diagnose({ config, env: { PUBLIC_URL: undefined } });
    expect(found.problems).toEqual([
      'warning configuration app123',
      'warning configuration app123',
      'warning public url',
      'warning cometchat app123',
    ]);
    expect(found.code).toBe(0);
  });

  it('is found: a database that is away', async () => {
    const found = await diagnose({ env: { DATABASE_URL: `postgresql://me:secret-password@${AWAY}/x` } });
    expect(found.problems).toEqual(['fault postgresql']);
    expect(textOf(found, 'postgresql')).toMatch(/ECONNREFUSED/);
    expect(JSON.stringify(found)).not.toContain('secret-password');
  });

  it('is found: a database without the migrations, which stays as it is', async () => {
    const empty: TestPostgres = await startEmptyPostgres();
    try {
      for (const _ of [1, 2]) {
        const found = await diagnose({ env: { DATABASE_URL: empty.url }, args: ['--offline'] });
        expect(found.problems).toEqual(['warning postgresql migrations']);
      }
    } finally {
      await empty.close();
    }
  });

  it('is found: Redis that is away', async () => {
    const found = await diagnose({
      env: { REDIS_URL: `redis://:secret-password@${AWAY}` },
      args: ['--offline'],
    });
    expect(found.problems).toEqual(['fault redis']);
    expect(JSON.stringify(found)).not.toContain('secret-password');
  });

  it('is found: what a spool still holds, and too little space', async () => {
    const spool = path.join(directory.path, 'old-spool');
    await mkdir(path.join(spool, 'set-aside'), { recursive: true });
    await mkdir(path.join(spool, 'a-process'));
    await writeFile(path.join(spool, 'set-aside', '1.seg'), 'unreadable');
    await writeFile(path.join(spool, 'a-process', '2.seg'), 'events');
    const env = { SPOOL_DIR: spool, SPOOL_MAX_MB: '1000000' };
    const found = await diagnose({ env, args: ['--offline'] });
    expect(found.problems).toEqual(['warning spool', 'fault spool leftovers', 'warning spool leftovers']);
  });
});

onOwnRedis('a planted fault in Redis', () => {
  const FINE = ['--maxmemory-policy', 'noeviction'];
  it.each([
    [FINE, {}, []],
    [['--maxmemory-policy', 'allkeys-lru'], {}, ['fault redis']],
    [[...FINE, '--requirepass', 'x'], {}, ['fault redis']],
    [FINE, { REDIS_WAIT_REPLICAS: '1' }, ['fault redis replicas']],
  ])('is found: %j %j', async (flags, env, problems) => {
    const [port = 0] = await freePorts(1);
    const redis = await startRedis(port, flags);
    try {
      const found = await diagnose({
        env: { REDIS_URL: `redis://127.0.0.1:${port}`, ...env },
        args: ['--offline'],
      });
      expect(found.problems).toEqual(problems);
    } finally {
      await redis.close();
    }
  });

  it.each([
    [['appendfsync', 'everysec'], 'warning redis durability'],
    [['appendonly', 'no'], 'fault redis durability'],
  ])('is found: %j', async ([name = '', value = ''], problem) => {
    const [port = 0] = await freePorts(1);
    const redis = await startRedis(port, FINE);
    try {
      await redisCli(port, 'CONFIG', 'SET', name, value);
      const found = await diagnose({ env: { REDIS_URL: `redis://127.0.0.1:${port}` }, args: ['--offline'] });
      expect(found.problems).toEqual([problem]);
    } finally {
      await redis.close();
    }
  });
});

onOwnRedis('a planted fault in a Redis Cluster', () => {
  it('is found on the master that has it', async () => {
    const cluster = await startRedisCluster();
    try {
      const isFine = async (port: number): Promise<void> => {
        await redisCli(port, 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
      };
      await Promise.all(cluster.masters.map(({ port }) => isFine(port)));
      const args = ['--offline'];
      expect((await diagnose({ env: cluster.env, args })).problems).toEqual([]);
      await redisCli(cluster.masters[1]?.port ?? 0, 'CONFIG', 'SET', 'appendfsync', 'everysec');
      expect((await diagnose({ env: cluster.env, args })).problems).toEqual(['warning redis durability']);
    } finally {
      await cluster.close();
    }
  });
});

describe('a planted fault at a vendor', () => {
  it('is found: credentials that are refused', async () => {
    const found = await diagnose({ config: withBlock('sms', 'twilio', { authToken: '0'.repeat(32) }) });
    expect(found.problems).toEqual(['fault account app123/sms/twilio (twilio)']);
    expect(textOf(found, 'account app123/sms/twilio (twilio)')).toContain('[20003]');
    expect(found.code).toBe(1);
  });

  it('is found: a host that cannot be reached', async () => {
    const found = await diagnose({ config: withBlock('sms', 'telnyx', { endpoint: `https://${AWAY}` }) });
    expect(found.problems).toEqual([`fault host ${AWAY}`, 'warning account app123/sms/telnyx (telnyx)']);
    expect(textOf(found, `host ${AWAY}`)).toContain('ECONNREFUSED');
  });

  it('is found: a name that cannot be resolved', async () => {
    const found = await diagnose({
      config: withBlock('sms', 'telnyx', { endpoint: 'https://telnyx.invalid' }),
    });
    expect(textOf(found, 'host telnyx.invalid')).toMatch(/cannot be resolved/);
  });

  it('is found: a clock that vendors do not share', async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString();
    const body = JSON.stringify({ data: { balance: '1.00', currency: 'USD' } });
    const headers = { date, 'content-type': 'application/json' };
    const late = await VendorServer.start({}, () => ({ status: 200, headers, body }));
    try {
      const telnyx = withBlock('sms', 'telnyx', { endpoint: late.url })['sms'] as { providers: Tree[] };
      const providers = telnyx.providers.filter(({ type }) => type === 'telnyx');
      const sms = { defaultCountry: 'US', countries: ['US'], providers };
      const found = await diagnose({ config: { ...app, push: {}, sms } });
      expect(found.problems).toContain('fault clock');
      expect(textOf(found, 'clock')).toMatch(/is 3[56]\d\d s ahead of the vendors/);
    } finally {
      await late.close();
    }
  });

  it('is found: a certificate that has expired', async () => {
    const expired = await VendorServer.start({ certificate: 'expired' }, () => ({ status: 200 }));
    try {
      const { host } = new URL(expired.url);
      const found = await diagnose({ config: withBlock('sms', 'telnyx', { endpoint: expired.url }) });
      expect(textOf(found, `host ${host}`)).toContain('CERT_HAS_EXPIRED');
    } finally {
      await expired.close();
    }
  });
});

describe('a planted fault between CometChat and the gateway', () => {
  it.each([
    ['a disabled provider', { isEnabled: false }],
    ['another URL', { webhookURL: 'https://elsewhere.example.com/webhooks/cometchat/push' }],
    ['no Basic Auth', { useBasicAuth: false }],
    ['another password', { basicAuthPassword: 'another-password' }],
  ])('is found: %s', async (_, change) => {
    vendors.cometchat.custom.push = customProvider('push', change);
    try {
      expect((await diagnose()).problems).toEqual(['fault cometchat app123 push']);
    } finally {
      vendors.cometchat.custom.push = customProvider('push');
    }
  });

  it('is found: a provider of CometChat’s own', async () => {
    vendors.cometchat.builtIn.fcm.push({ providerId: 'fcm-1', isEnabled: true });
    try {
      expect((await diagnose()).problems).toEqual(['warning cometchat app123']);
    } finally {
      vendors.cometchat.builtIn.fcm.pop();
    }
  });

  it('is found: a REST API key that is refused', async () => {
    const cometchat = { ...(app['cometchat'] as Tree), restApiKey: 'wrong-key' };
    const found = await diagnose({ config: { ...app, cometchat } });
    expect(found.problems).toEqual(['fault cometchat app123']);
    expect(JSON.stringify(found)).not.toContain('wrong-key');
  });

  it('is found: CometChat does not answer', async () => {
    vendors.cometchat.trouble = { status: 503 };
    try {
      expect((await diagnose()).problems).toEqual(['warning cometchat app123']);
    } finally {
      vendors.cometchat.trouble = undefined;
    }
  });

  it('is found: PUBLIC_URL leads nowhere, or is not https', async () => {
    const away = await diagnose({ env: { PUBLIC_URL: `http://${AWAY}` } });
    expect(away.problems).toEqual([
      'fault public url',
      'fault cometchat app123 push',
      'fault cometchat app123 sms',
    ]);
    const plain = await diagnose({ env: { PUBLIC_URL: 'http://push.example.com' }, args: ['--offline'] });
    expect(plain.problems).toEqual(['fault public url']);
  });
});
