import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { LOG_REASONS } from '../../src/platform/cometchat/notification-log.js';
import type { CometChatRest } from '../../src/platform/cometchat/cometchat-rest.js';
import { bellhop } from '../support/bellhop.js';
import { restClientOf } from '../support/cometchat-client.js';
import type { CustomProviderJson, LogRowJson } from '../support/cometchat-rest.js';
import { startCometChat, type CometChatServer } from '../support/cometchat-server.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { payload, push } from '../support/payloads.js';
import { SHORT_TIMEOUT_MS, until } from '../support/until.js';

interface InquiryJson {
  appId: string;
  uid: string | null;
  messageId: string | null;
  logs: {
    id: string;
    at: string;
    channel: string;
    provider: string;
    event: string;
    messageId: string;
    uid: string;
    status: string;
    reason: string | null;
    meaning: string;
    fix: string | null;
    link: string;
  }[];
  hasMoreLogs: boolean;
  providers: {
    channel: string;
    isConfigured: boolean;
    isEnabled: boolean;
    webhookUrl: string | null;
    usesBasicAuth: boolean;
    problems: { text: string; fix: string }[];
  }[];
  builtInProviders: { channel: string; type: string; id: string | null; text: string; fix: string }[];
  webhooks: { count: number; lastAt: string | null; notificationIds: string[]; scannedTo: string | null };
  failures: { asked: string; code: string; text: string; fix: string }[];
  explanation: { summary: string; cause: string | null; fix: string | null; link: string | null };
}

const [DEMO_APP] = DEMO_CONFIG.apps;
const PUBLIC_URL = 'https://push.example.com';
const PASSWORD = DEMO.webhook.password;

let chat: CometChatServer;
let restApi: CometChatRest;
let gateway: TestGateway;
let lines: Record<string, unknown>[] = [];
let users = 0;
let rows = 0;
const newUid = (): string => `reader-${++users}`;
const keyOf = (appId: string): string => `backend-key-of-${appId}`;

const app = (appId: string, cometchat: object, change: object = {}): object => ({
  ...DEMO_APP,
  appId,
  clients: { ...DEMO_APP?.clients, apiKeys: [keyOf(appId)] },
  cometchat: { apiEndpoint: chat.url, ca: chat.ca, requestTimeoutMs: SHORT_TIMEOUT_MS, ...cometchat },
  ...change,
});

const ours = (channel: 'push' | 'sms'): CustomProviderJson => ({
  isEnabled: true,
  webhookURL: `${PUBLIC_URL}/webhooks/cometchat/${channel}`,
  useBasicAuth: true,
  basicAuthUsername: DEMO.webhook.username,
  basicAuthPassword: PASSWORD,
  ...(channel === 'sms' ? { useStoredPhNo: false } : {}),
});

/** Adds a row to CometChat's log. */
function log(change: Partial<LogRowJson> = {}): { id: string; at: string; messageId: string } {
  rows += 1;
  const id = `row-${rows}`;
  const row: LogRowJson = {
    ...{ _id: id, channel: 'push', provider: 'custom', messageId: 1_000 + rows },
    ...{ trigger: 'after_message', messageSentAtMS: Date.now(), processingStartedAtMS: Date.now() + rows },
    ...{ sender: 'ann', receiver: 'bert', receiverType: 'user' },
    ...{ payload: { body: 'Secret words' }, pushToken: 'secret-token-of-a-phone' },
    ...{ notificationTriggered: true, success: true },
    ...change,
  };
  chat.log.push(row);
  const at = new Date(row.processingStartedAtMS).toISOString();
  return { id, at, messageId: String(row.messageId) };
}

beforeAll(async () => {
  chat = await startCometChat('asked');
  restApi = restClientOf(chat);
  const apps = [
    app('asked', { restApiKey: 'rest-api-key' }),
    app('without-key', {}),
    app('wrong-key', { restApiKey: 'wrong-rest-api-key' }),
    app('other-scope', { restApiKey: 'auth-only-key' }),
    app('unreachable', { restApiKey: 'rest-api-key', apiEndpoint: 'http://127.0.0.1:9' }),
    app('patient', { restApiKey: 'rest-api-key', requestTimeoutMs: 60_000 }),
    app('push-only', { restApiKey: 'rest-api-key' }, { sms: { providers: [] } }),
  ];
  gateway = await startTestGateway({
    config: { apps },
    settings: { publicUrl: PUBLIC_URL },
    log: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
  });
});
afterAll(async () => {
  await gateway.close();
  await restApi.close();
  await chat.close();
});
beforeEach(() => {
  chat.trouble = undefined;
  chat.isLogging = false;
  chat.log.length = 0;
  Object.assign(chat.custom, { push: ours('push'), sms: ours('sms') });
  Object.assign(chat.builtIn, { fcm: [], apns: [], twilio: {} });
  chat.restRequests.length = 0;
  lines = [];
});

const get = (query: object, headers: Record<string, string>) =>
  gateway.request({
    method: 'GET',
    url: `/v1/cometchat/logs?${new URLSearchParams({ ...query }).toString()}`,
    headers,
  });
async function ask(query: object, appId = 'asked'): Promise<InquiryJson> {
  const answer = await get(query, { apikey: keyOf(appId) });
  if (answer.statusCode !== 200) throw new Error(answer.body);
  return answer.json<InquiryJson>();
}
/** Sends the user a webhook of this message. @returns its notification's id. */
async function receive(uid: string, tag: string, appId = 'asked'): Promise<string> {
  const event = { ...push({ tag }, uid), appId };
  const { notificationId } = (await gateway.webhook('push', event)).json<{ notificationId: string }>();
  await gateway.notification(notificationId, undefined, keyOf(appId));
  return notificationId;
}

describe('a question about a user whom CometChat did not notify', () => {
  it.each(LOG_REASONS)('explains %s', async (reason) => {
    const uid = newUid();
    const row = log({ receiver: uid, notificationTriggered: false, reason });
    const { logs, explanation, ...rest } = await ask({ uid: uid.toUpperCase() });
    expect(logs).toEqual([
      {
        ...{ ...row, channel: 'push' },
        ...{ provider: 'custom', event: 'after_message', uid },
        ...{ status: 'skipped', reason, meaning: explanation.cause, fix: explanation.fix },
        link: explanation.link,
      },
    ]);
    expect(explanation.summary).toBe(
      `CometChat did not notify (${reason}). The gateway has no webhook of this user in the last 14 days.`,
    );
    expect(explanation.cause).toMatch(/^[A-Z].{20,}\.$/);
    expect(explanation.fix).toMatch(/^[A-Z].{20,}\.$/);
    expect(explanation.link).toMatch(/^https:\/\/www\.cometchat\.com\/docs\/notifications\/[\w-]+$/);
    expect(rest).toMatchObject({ uid, messageId: null, hasMoreLogs: false, failures: [] });
    expect(JSON.stringify(logs)).not.toMatch(/Secret words|secret-token/);
  });

  it('is answered by `bellhop why` in the same words', async () => {
    const uid = newUid();
    log({ receiver: uid, notificationTriggered: false, reason: 'MUTE_PREFERENCE' });
    const { explanation } = await ask({ uid });
    const env = { BELLHOP_URL: gateway.url, BELLHOP_API_KEY: keyOf('asked') };
    const { exitCode, stdout } = await bellhop(['why', uid], env);
    expect(exitCode).toBe(1);
    const { summary, cause, fix, link } = explanation;
    for (const text of [summary, cause, fix, link, 'MUTE_PREFERENCE']) expect(stdout).toContain(text ?? '-');
  });

  it('explains a reason that is not documented', async () => {
    const uid = newUid();
    log({ receiver: uid, notificationTriggered: false, reason: 'MOON_PHASE <b>' });
    const { logs, explanation } = await ask({ uid });
    expect(logs[0]?.reason).toBe('MOON_PHASE <b>');
    expect(explanation.cause).toBe(
      'CometChat gives the reason `MOON_PHASEb`, which its documentation does not list.',
    );
  });

  it('finds the rows of groups, latest first, and not those of others', async () => {
    const uid = newUid();
    const muted = { notificationTriggered: false, reason: 'MUTE_PREFERENCE', receiverType: 'group' } as const;
    const first = log({ ...muted, receiver: 'hikers', member: uid });
    log({ ...muted, receiver: 'hikers', member: newUid() });
    const second = log({ receiver: uid, notificationTriggered: false, reason: 'DND_PREFERENCE' });
    const { logs, explanation } = await ask({ uid });
    expect(logs.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(logs.map((row) => row.uid)).toEqual([uid, uid]);
    expect(explanation.summary).toMatch(
      /^CometChat did not notify \(DND_PREFERENCE\)\. Of the 2 latest rows of its log, 0 notified\. /,
    );
  });

  it('says that there are more rows', async () => {
    const uid = newUid();
    for (let i = 0; i < 25; i += 1) log({ receiver: uid });
    expect(await ask({ uid })).toMatchObject({ hasMoreLogs: true, logs: { length: 20 } });
  });
});

describe('a question about a message', () => {
  it('shows the row of each recipient, and the webhooks of the message', async () => {
    const [ann, bert] = [newUid(), newUid()];
    const messageId = 88_001;
    const group = { receiverType: 'group', receiver: 'hikers', messageId } as const;
    log({ ...group, member: bert, notificationTriggered: false, reason: 'SCHEDULE_PREFERENCE' });
    log({ ...group, member: ann });
    const id = await receive(ann, String(messageId));
    await receive(ann, '88002');
    const both = await ask({ messageId });
    expect(both.logs.map(({ uid, status }) => [uid, status])).toEqual([
      [ann, 'sent'],
      [bert, 'skipped'],
    ]);
    expect(both.webhooks).toMatchObject({ count: 1, notificationIds: [id], scannedTo: null });
    expect(both.explanation).toMatchObject({
      summary: expect.stringMatching(
        /^CometChat did not notify everyone \(SCHEDULE_PREFERENCE\)\. Of the 2 latest rows of its log, 1 notified\. The gateway has one webhook of this message /,
      ),
      cause: expect.stringContaining('schedule'),
    });
    const ofBert = await ask({ messageId, uid: bert });
    expect(ofBert.logs.map(({ reason }) => reason)).toEqual(['SCHEDULE_PREFERENCE']);
    expect(ofBert.webhooks).toMatchObject({ count: 0, notificationIds: [] });
    const ofAnn = await ask({ messageId, uid: ann });
    expect(ofAnn.webhooks).toMatchObject({ count: 1, notificationIds: [id] });
    expect(ofAnn.explanation).toEqual({
      summary: `CometChat called the webhook. The gateway has one webhook of this message and user in the last 14 days, the last of ${ofAnn.webhooks.lastAt ?? ''}.`,
      ...{ cause: null, link: null },
      fix: expect.stringContaining('GET /v1/notifications/{id}'),
    });
  });

  it('finds it in the messages of an SMS', async () => {
    const uid = newUid();
    const event = payload('sms-one-on-one');
    event.data.to.uid = uid;
    const messages = [{ sender: { uid: 'ann' }, message: 'Hi', messageObject: { id: '88010' } }];
    Object.assign(event.data, { messages });
    const answer = await gateway.webhook('sms', { ...event, appId: 'asked' });
    const { notificationId } = answer.json<{ notificationId: string }>();
    await gateway.notification(notificationId, undefined, keyOf('asked'));
    expect((await ask({ messageId: 88_010 })).webhooks.notificationIds).toEqual([notificationId]);
    expect((await ask({ messageId: 8_801 })).webhooks.count).toBe(0);
  });

  it('does not count what another app received', async () => {
    const uid = newUid();
    await receive(uid, '88020', 'push-only');
    expect((await ask({ uid })).webhooks.count).toBe(0);
    expect((await ask({ messageId: 88_020 })).webhooks.count).toBe(0);
    expect((await ask({ uid }, 'push-only')).webhooks.count).toBe(1);
  });
});

describe('a webhook that CometChat called', () => {
  it('without success is told with the setting that is wrong', async () => {
    const uid = newUid();
    log({ receiver: uid, success: false });
    const { logs, explanation } = await ask({ uid });
    expect(logs[0]?.status).toBe('failed');
    expect(explanation).toMatchObject({
      summary: expect.stringMatching(/^CometChat called the webhook, but not with success\. /),
      cause: 'CometChat called the webhook and got no 200.',
      fix: expect.stringContaining('401 means that username or password differ'),
    });
    chat.custom.push = { ...ours('push'), basicAuthPassword: 'another-password' };
    const { explanation: told } = await ask({ uid });
    expect(told.cause).toMatch(/ The password in CometChat is not one of `apps\[\]\.webhook\.basicAuth`/);
    expect(told.fix).toMatch(/^Enter the username and password/);
  });

  it('with success elsewhere is told', async () => {
    const uid = newUid();
    log({ receiver: uid });
    expect((await ask({ uid })).explanation).toMatchObject({
      summary:
        'CometChat says that the webhook answered 200. The gateway has no webhook of this user in the last 14 days.',
      cause: expect.stringContaining('Another server answers'),
    });
  });

  it('is told apart from a push of CometChat’s own provider', async () => {
    const uid = newUid();
    log({ receiver: uid, provider: 'fcm' });
    expect((await ask({ uid })).explanation).toMatchObject({
      summary: expect.stringMatching(/^CometChat notified by itself\. /),
      cause: 'CometChat used its own provider `fcm`. The gateway was not called for it.',
      fix: expect.stringMatching(/^Disable this provider/),
    });
  });

  it('is delivered by the local CometChat when a message is sent', async () => {
    const uid = newUid();
    chat.isLogging = true;
    chat.suppressed.set('muted', 'MUTE_PREFERENCE');
    chat.custom.push = { ...ours('push'), webhookURL: `${gateway.url}/webhooks/cometchat/push` };
    for (const receiver of [uid, 'muted']) await sendByRest(receiver);
    await until(() => chat.log.length === 2);
    expect(chat.log.map(({ receiver, success, reason }) => [receiver, success, reason])).toEqual(
      expect.arrayContaining([
        [uid, true, undefined],
        ['muted', undefined, 'MUTE_PREFERENCE'],
      ]),
    );
    const { webhooks } = await until(async () => {
      const told = await ask({ uid });
      return told.webhooks.count === 1 && told;
    });
    expect(webhooks.notificationIds).toHaveLength(1);
  });
});

/** Sends a message by CometChat's REST API. */
const sendByRest = (receiver: string) =>
  restApi.sendMessage({ sender: 'ann', receiver, text: `Hello ${receiver}` });

describe('an empty log', () => {
  it('means that logging is off if the gateway was called', async () => {
    const uid = newUid();
    await receive(uid, '88030');
    const { logs, explanation } = await ask({ uid });
    expect(logs).toEqual([]);
    expect(explanation).toMatchObject({
      summary: expect.stringMatching(
        /^CometChat’s log is empty\. The gateway has one webhook of this user in the last 14 days, the last of /,
      ),
      cause: expect.stringMatching(/^Logging is off: CometChat has called the gateway\./),
      fix: expect.stringMatching(/^Switch logging on in CometChat’s dashboard under Notifications → Logs/),
      link: 'https://www.cometchat.com/docs/notifications/logs',
    });
  });

  it('means that logging is off or nothing happened, otherwise', async () => {
    expect((await ask({ uid: newUid() })).explanation).toMatchObject({
      summary: 'CometChat’s log is empty. The gateway has no webhook of this user in the last 14 days.',
      cause: expect.stringMatching(/^Logging is off, which is the default/),
    });
  });

  it('means that nothing was due if it has rows of others', async () => {
    log({ receiver: newUid() });
    expect((await ask({ uid: newUid() })).explanation).toMatchObject({
      summary: expect.stringMatching(/^CometChat’s log has rows of others, but none of this user\. /),
      cause: expect.stringMatching(/^No notification was due\./),
    });
  });
});

describe('the custom provider', () => {
  it('is shown without its password, and without problems if it is ours', async () => {
    const answer = await get({ uid: newUid() }, { apikey: keyOf('asked') });
    expect(answer.body).not.toContain(PASSWORD);
    expect(answer.json<InquiryJson>().providers).toEqual(
      ['push', 'sms'].map((channel) => ({
        ...{ channel, isConfigured: true, isEnabled: true, usesBasicAuth: true, problems: [] },
        webhookUrl: `${PUBLIC_URL}/webhooks/cometchat/${channel}`,
      })),
    );
  });

  it.each<[string, Partial<CustomProviderJson> | undefined, RegExp]>([
    ['is missing', undefined, /^CometChat has no custom provider for pushes/],
    ['is disabled', { isEnabled: false }, /^The custom provider for pushes is disabled/],
    [
      'has another host',
      { webhookURL: 'https://old.example.com/webhooks/cometchat/push?secret=abc' },
      /^CometChat calls https:\/\/old\.example\.com\/webhooks\/cometchat\/push\?…, which is not the gateway’s webhook by `PUBLIC_URL` \(https:\/\/push\.example\.com\/webhooks\/cometchat\/push\)\.$/,
    ],
    [
      'has the URL for SMS',
      { webhookURL: `${PUBLIC_URL}/webhooks/cometchat/sms` },
      /^The webhook URL for pushes is that for SMS/,
    ],
    ['has Basic Auth off', { useBasicAuth: false }, /^Basic Auth is off in CometChat: .* 401\.$/],
    ['has another username', { basicAuthUsername: 'someone' }, /^The username in CometChat is not one of/],
  ])('for pushes that %s explains why nothing comes', async (_, change, text) => {
    if (change) chat.custom.push = { ...ours('push'), ...change };
    else delete chat.custom.push;
    const { providers, explanation } = await ask({ uid: newUid() });
    expect(providers[0]?.problems).toEqual([
      { text: expect.stringMatching(text), fix: expect.stringMatching(/dashboard/) },
    ]);
    expect(providers[1]?.problems).toEqual([]);
    expect(explanation).toMatchObject({
      cause: providers[0]?.problems[0]?.text,
      fix: providers[0]?.problems[0]?.fix,
    });
  });

  it('for SMS that is called for stored numbers only is told, but explains no silence', async () => {
    chat.custom.sms = { ...ours('sms'), useStoredPhNo: true };
    const { providers, explanation } = await ask({ uid: newUid() });
    expect(providers[1]?.problems).toEqual([
      { text: expect.stringContaining('`useStoredPhNo`'), fix: expect.stringMatching(/^Switch off/) },
    ]);
    expect(explanation.cause).toMatch(/^Logging is off/);
  });

  it('may be missing for a channel that the app does not use', async () => {
    delete chat.custom.sms;
    const { providers } = await ask({ uid: newUid() }, 'push-only');
    expect(providers[1]).toMatchObject({ channel: 'sms', isConfigured: false, problems: [] });
    chat.custom.sms = ours('sms');
    const { providers: enabled } = await ask({ uid: newUid() }, 'push-only');
    expect(enabled[1]?.problems[0]?.text).toMatch(/enabled, but the gateway has no provider/);
  });

  it('of CometChat itself is told while it is enabled', async () => {
    chat.builtIn.fcm = [{ providerId: 'fcm-1' }, { providerId: 'off', isEnabled: false }];
    chat.builtIn.apns = [{ providerId: 'apns-1' }];
    chat.builtIn.twilio = { twilioAccountSID: 'AC1', twilioAuthToken: 'secret-of-twilio' };
    const answer = await get({ uid: newUid() }, { apikey: keyOf('asked') });
    expect(answer.body).not.toContain('secret-of-twilio');
    const { builtInProviders } = answer.json<InquiryJson>();
    expect(builtInProviders.map(({ channel, type, id }) => [channel, type, id])).toEqual([
      ['push', 'fcm', 'fcm-1'],
      ['push', 'apns', 'apns-1'],
      ['sms', 'twilio', null],
    ]);
    expect(builtInProviders[0]).toMatchObject({
      text: 'CometChat’s own FCM provider `fcm-1` is still configured: it may notify instead of the gateway, or a second time.',
      fix: expect.stringMatching(/^Disable or remove it/),
    });
    expect((await ask({ uid: newUid() }, 'push-only')).builtInProviders.map(({ type }) => type)).toEqual([
      'fcm',
      'apns',
    ]);
  });
});

describe('without an answer of CometChat', () => {
  const ALL = ['log', 'push_provider', 'sms_provider', 'built_in_providers'];

  it.each<[string, string, string, RegExp, RegExp]>([
    [
      'an unknown key',
      'wrong-key',
      'AUTH_ERR_APIKEY_NOT_FOUND',
      /^CometChat refused the REST API key \(401 AUTH_ERR_APIKEY_NOT_FOUND\)\./,
      /^Copy the REST API key/,
    ],
    [
      'a key of another scope',
      'other-scope',
      'AUTH_ERR_NO_ACCESS',
      /^CometChat refused the REST API key \(403 AUTH_ERR_NO_ACCESS\)\./,
      /scope fullAccess/,
    ],
    [
      'a CometChat that is unreachable',
      'unreachable',
      'ECONNREFUSED',
      /^CometChat cannot be reached \(ECONNREFUSED\)\./,
      /firewall/,
    ],
  ])('because of %s, the ledger is told', async (_, appId, code, summary, fix) => {
    const uid = newUid();
    const id = await receive(uid, '88040', appId);
    const answer = await ask({ uid }, appId);
    expect(answer).toMatchObject({ logs: [], providers: [], builtInProviders: [] });
    expect(answer.webhooks).toMatchObject({ count: 1, notificationIds: [id] });
    expect(answer.failures.map(({ asked }) => asked).toSorted()).toEqual(ALL.toSorted());
    expect(new Set(answer.failures.map((failure) => failure.code))).toEqual(new Set([code]));
    expect(answer.explanation).toMatchObject({
      summary: expect.stringMatching(summary),
      fix: expect.stringMatching(fix),
    });
    expect(answer.explanation.summary).toMatch(
      / The gateway has one webhook of this user in the last 14 days/,
    );
    expect(JSON.stringify([answer, lines])).not.toMatch(/rest-api-key|auth-only-key/);
  });

  it.each([
    ['fails', { status: 503 }, 'http_503', /^CometChat answers 503\./],
    ['is over quota', { status: 429 }, 'http_429', /^CometChat answers 429/],
    ['hangs', 'hang', 'timeout', /^CometChat did not answer in time\./],
    [
      'answers with a page',
      { status: 200, body: '<html>' },
      'http_200',
      /is not one of CometChat’s REST API/,
    ],
  ] as const)('because it %s, the ledger is told', async (_, trouble, code, summary) => {
    chat.trouble = trouble;
    const answer = await ask({ messageId: 88_050 });
    expect(answer.failures[0]).toMatchObject({ code, text: expect.stringMatching(summary) });
    expect(answer.explanation.summary).toMatch(summary);
    expect(answer.explanation.summary).toMatch(
      / The gateway has no webhook of this message in the last 14 days\.$/,
    );
    const asked = lines.filter(({ msg }) => msg === 'cometchat.asked');
    expect(asked).toMatchObject([{ appId: 'asked', rows: 0 }]);
  });

  it('only so many questions wait, and everything else goes on', async () => {
    let letGo = (): void => undefined;
    chat.trouble = new Promise((resolve) => {
      letGo = () => resolve('reset');
    });
    const waiting = Array.from({ length: 4 }, () => get({ uid: 'ann' }, { apikey: keyOf('patient') }));
    // A question makes seven requests at most, so all four are in progress; none of them times out.
    await until(() => chat.restRequests.length > 3 * 7);
    const refused = await get({ uid: 'ann' }, { apikey: keyOf('patient') });
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '5']);
    expect(refused.json()).toMatchObject({ code: 'COMETCHAT.BUSY' });
    expect((await ask({ uid: 'ann' }, 'unreachable')).failures).toHaveLength(4);
    await receive(newUid(), '88060');
    letGo();
    expect((await Promise.all(waiting)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
    chat.trouble = undefined;
    expect((await ask({ uid: 'ann' }, 'patient')).failures).toEqual([]);
  });
});

describe('a question', () => {
  it('needs the REST API key of the app', async () => {
    const answer = await get({ uid: 'ann' }, { apikey: keyOf('without-key') });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({
      code: 'COMETCHAT.NO_API_KEY',
      message: expect.stringContaining('cometchat.restApiKey'),
    });
    expect(chat.restRequests).toEqual([]);
  });

  it.each([
    [{}, { path: 'uid', problem: 'is required, unless `messageId` is given' }],
    [{ uid: 'a b' }, { path: 'uid', problem: expect.stringMatching(/^must be 1 to 100 characters/) }],
    [{ messageId: '1 OR 1' }, { path: 'messageId', problem: expect.stringMatching(/^must be the id of a/) }],
    [{ messageId: '' }, { path: 'messageId', problem: expect.stringMatching(/^must be the id of a/) }],
  ])('without a subject is refused: %j', async (query, problem) => {
    const answer = await get(query, { apikey: keyOf('asked') });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      400,
      { code: 'REQUEST.INVALID_QUERY', errors: [problem] },
    ]);
  });

  it('of an operator names the app', async () => {
    const operator = { authorization: OPERATOR_AUTH };
    expect((await get({ uid: 'ann' }, operator)).json()).toMatchObject({ code: 'APP.REQUIRED' });
    expect((await get({ uid: 'ann', appId: 'none' }, operator)).json()).toMatchObject({
      code: 'APP.UNKNOWN',
    });
    const answer = await get({ uid: 'ann', appId: 'asked' }, operator);
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { appId: 'asked', uid: 'ann' }]);
  });

  it('of a backend is about its own app', async () => {
    const answer = await get({ uid: 'ann', appId: 'asked' }, { apikey: keyOf('push-only') });
    expect([answer.statusCode, answer.json()]).toMatchObject([403, { code: 'APP.UNKNOWN' }]);
    expect((await get({ uid: 'ann' }, {})).statusCode).toBe(401);
    expect((await get({ uid: 'ann' }, { apikey: 'unknown-key' })).statusCode).toBe(401);
    expect(chat.restRequests).toEqual([]);
  });
});
