import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { startCometChat, type CometChatServer } from '../support/cometchat-server.js';
import { runCommand, type CommandEnd } from '../support/command.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { temporaryDirectory } from '../support/process.js';

const PASSWORD = 'webhookPasswordOfCometChat1';
const URL_OF_OURS = 'https://push.example.com';

interface OutcomeJson {
  channels: {
    channel: string;
    isNew: boolean;
    changes: { setting: string; from: string | null; to: string }[];
  }[];
  generated: { username: string; password: string } | null;
  problems: string[];
  roundTrip: { isComplete: boolean; notificationId: string; messageId: string; text: string } | null;
}

let chat: CometChatServer;
let gateway: TestGateway;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let files = 0;

const [DEMO_APP] = DEMO_CONFIG.apps;
const appWith = (change: object = {}): object => ({
  ...DEMO_APP,
  webhook: { basicAuth: [{ username: 'cometchat', password: PASSWORD }] },
  cometchat: { apiEndpoint: chat.url, ca: chat.ca, restApiKey: chat.restApiKey, requestTimeoutMs: 2_000 },
  ...change,
});

beforeAll(async () => {
  [chat, directory] = await Promise.all([startCometChat(DEMO.appId), temporaryDirectory()]);
  gateway = await startTestGateway({ config: { apps: [appWith()] } });
});
afterAll(async () => {
  await gateway.close();
  await Promise.all([chat.close(), directory.remove()]);
});
beforeEach(() => {
  delete chat.custom.push;
  delete chat.custom.sms;
  chat.trouble = undefined;
  chat.restRequests.length = 0;
});

async function connect(args: readonly string[], { app = appWith(), env = {} } = {}): Promise<CommandEnd> {
  const file = path.join(directory.path, `bellhop-${++files}.yaml`);
  await writeFile(file, JSON.stringify({ apps: [app] }));
  return runCommand(['connect', ...args], { BELLHOP_CONFIG: file, ...env });
}
const outcomeOf = ({ stdout }: CommandEnd): OutcomeJson => JSON.parse(stdout) as OutcomeJson;
const writes = (): string[] => chat.restRequests.filter((line) => /^(POST|PUT) /.test(line));

describe('bellhop connect', () => {
  it('adds the providers of both channels, and says nothing secret', async () => {
    const end = await connect(['--url', URL_OF_OURS, '--yes']);
    expect(end).toMatchObject({
      code: 0,
      stdout: `CometChat calls the gateway for push and sms of ${DEMO.appId}.\n`,
    });
    expect(chat.custom.push).toEqual({
      ...{ isEnabled: true, webhookURL: `${URL_OF_OURS}/webhooks/cometchat/push`, useBasicAuth: true },
      ...{ basicAuthUsername: 'cometchat', basicAuthPassword: PASSWORD },
    });
    expect(chat.custom.sms).toMatchObject({
      webhookURL: `${URL_OF_OURS}/webhooks/cometchat/sms`,
      useStoredPhNo: false,
    });
    expect(end.stderr).toMatch(/^push: new provider\n {2}enabled: yes\n {2}webhook URL: https:/);
    expect(end.stdout + end.stderr).not.toContain(PASSWORD);
  });

  it('shows the difference, and changes nothing without a yes', async () => {
    await connect(['--url', URL_OF_OURS, '--yes']);
    const push = { ...chat.custom.push };
    Object.assign(chat.custom.push ?? {}, {
      ...{ isEnabled: false, webhookURL: 'https://old.example.com/hooks?key=secret-key' },
      basicAuthPassword: 'old-password',
    });
    const before = { ...chat.custom.push };
    chat.restRequests.length = 0;
    const asked = await connect(['--url', URL_OF_OURS]);
    expect(asked).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--yes') });
    expect(asked.stderr).toContain(`push: to change
  enabled: no → yes
  webhook URL: https://old.example.com/hooks?… → ${URL_OF_OURS}/webhooks/cometchat/push
  password: another one → the configured one
sms: nothing to change
`);
    expect(asked.stderr).not.toMatch(/secret-key|old-password/);
    expect([chat.custom.push, writes()]).toEqual([before, []]);

    expect(await connect(['--url', URL_OF_OURS, '--yes'])).toMatchObject({ code: 0 });
    expect(chat.custom.push).toEqual(push);
    expect(writes()).toEqual(['PUT /v3/notifications/push/v1/providers/custom']);
  });

  it('asks nothing and writes nothing if everything is in order', async () => {
    await connect(['--url', URL_OF_OURS, '--yes']);
    chat.restRequests.length = 0;
    const end = await connect(['--json'], { env: { PUBLIC_URL: `${URL_OF_OURS}/` } });
    expect(end.code).toBe(0);
    expect(outcomeOf(end)).toEqual({
      appId: DEMO.appId,
      channels: [
        { channel: 'push', isNew: false, changes: [] },
        { channel: 'sms', isNew: false, changes: [] },
      ],
      ...{ generated: null, problems: [], roundTrip: null },
    });
    expect(writes()).toEqual([]);
  });

  it('takes the last pair of the configuration, unless CometChat has another of them', async () => {
    const pairs = [
      { username: 'cometchat', password: PASSWORD },
      { username: 'cometchat', password: 'newPasswordOfCometChat2' },
    ];
    const app = appWith({ webhook: { basicAuth: pairs } });
    await connect(['--url', URL_OF_OURS, '--yes', '--channel', 'push'], { app });
    expect(chat.custom.push?.basicAuthPassword).toBe('newPasswordOfCometChat2');
    Object.assign(chat.custom.push ?? {}, { basicAuthPassword: PASSWORD });
    expect(
      outcomeOf(await connect(['--url', URL_OF_OURS, '--yes', '--json', '--channel', 'push'], { app })),
    ).toMatchObject({
      channels: [{ channel: 'push', changes: [] }],
    });
    expect(chat.custom.sms).toBeUndefined();
  });

  it('makes a password if the configuration has none that CometChat accepts', async () => {
    const app = appWith({ webhook: { basicAuth: [{ username: 'cometchat', password: 'short' }] } });
    const end = await connect(['--url', URL_OF_OURS, '--yes', '--json'], { app });
    const { generated } = outcomeOf(end);
    expect(end.code).toBe(0);
    expect(generated).toEqual({ username: 'cometchat', password: expect.stringMatching(/^[0-9a-f]{40}$/) });
    expect(chat.custom.push?.basicAuthPassword).toBe(generated?.password);
    expect(end.stderr).toContain(`Add this pair to apps[].webhook.basicAuth of ${DEMO.appId}`);
  });

  it('proves a round trip by a message', async () => {
    const env = { BELLHOP_URL: gateway.url, BELLHOP_API_KEY: DEMO.apiKey };
    const end = await connect(['--url', gateway.url, '--yes', '--json', '--round-trip', 'ann,bob'], { env });
    expect(end.code).toBe(0);
    const { roundTrip } = outcomeOf(end);
    expect(roundTrip).toMatchObject({ isComplete: true, messageId: expect.stringMatching(/^\d+$/) });
    const answer = await gateway.backend('GET', `/v1/notifications/${roundTrip?.notificationId}`);
    expect(answer.json()).toMatchObject({ uid: 'bob', channel: 'push', kind: 'chat' });
  });

  it('sends no message for a round trip if the gateway refuses its caller', async () => {
    const before = chat.messages.length;
    const env = { BELLHOP_URL: gateway.url, BELLHOP_API_KEY: 'a-wrong-key' };
    const end = await connect(['--url', gateway.url, '--yes', '--round-trip', 'ann,bob'], { env });
    expect(end).toMatchObject({ code: 4, stdout: '' });
    expect(chat.messages).toHaveLength(before);
  });

  it.each([
    ['a refused key', { status: 401, body: '{"error":{"code":"AUTH_ERR_APIKEY_NOT_FOUND"}}' }, 4],
    ['an outage', { status: 503 }, 3],
  ])('says %s', async (_, trouble, code) => {
    chat.trouble = trouble;
    const end = await connect(['--url', URL_OF_OURS, '--yes']);
    expect(end).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(/^CometChat /) });
    expect(end.stderr).not.toContain(chat.restApiKey);
  });

  it.each([
    [[], 2, /--url is missing/],
    [['--url', 'http://push.example.com'], 2, /https/],
    [['--url', 'https://a:b@push.example.com'], 2, /without credentials/],
    [['--url', URL_OF_OURS, '--app', 'nobody'], 2, /not a configured app/],
    [['--url', URL_OF_OURS, '--channel', 'fax'], 2, /--channel fax/],
    [['--url', URL_OF_OURS, '--round-trip', 'ann'], 2, /--round-trip/],
    [['--url', URL_OF_OURS, '--round-trip', 'ann,bob'], 2, /BELLHOP_USERNAME/],
  ])('refuses %j', async (args, code, problem) => {
    const end = await connect([...args, '--yes']);
    expect(end).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(problem) });
    expect(chat.restRequests).toEqual([]);
  });

  it('needs a REST API key, and providers for the channel', async () => {
    const without = await connect(['--url', URL_OF_OURS], { app: appWith({ cometchat: {} }) });
    expect(without).toMatchObject({ code: 1, stderr: expect.stringContaining('restApiKey') });
    const unserved = await connect(['--url', URL_OF_OURS, '--channel', 'sms'], { app: appWith({ sms: {} }) });
    expect(unserved).toMatchObject({ code: 1, stderr: expect.stringContaining('no providers for sms') });
    expect(chat.restRequests).toEqual([]);
  });
});
