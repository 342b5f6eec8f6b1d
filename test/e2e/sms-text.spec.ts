import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { push, sms } from '../support/payloads.js';

const [DEMO_APP] = DEMO_CONFIG.apps;
const PHNO = '+14155550100';
const RULES = [
  { name: 'urgent', when: 'details.body == "urgent"', then: { copyToSms: true } },
  {
    name: 'words',
    when: 'channel == "sms" && uid.startsWith("Worded")',
    then: { smsText: 'By “rule” {{ uid }}' },
  },
];
const SMS = {
  ...DEMO_APP?.sms,
  providers: ['first', 'second'].map((id) => ({ id, type: 'sandbox' })),
  // In mixed case: the comparison with CometChat's ids ignores case.
  routes: [
    { countries: ['de'], use: ['second'] },
    { senders: ['Bank-Bot'], use: ['second'] },
    { groups: ['Team-A'], use: ['second', 'first'] },
    { use: ['first', 'second'] },
  ],
  text: {
    transliterate: true,
    maxSegments: 2,
    link: 'https://chat.example/inbox',
    templates: { 'pt-BR': 'Oi! {{ count }} de {{ group | default: sender }} {{ link }}' },
  },
};

let gateway: TestGateway;
let sql: pg.Pool;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { apps: [{ ...DEMO_APP, rules: RULES, sms: SMS }] } });
  sql = new pg.Pool({ connectionString: gateway.databaseUrl, max: 1 });
  sql.on('error', () => undefined);
});
afterAll(async () => {
  await sql.end();
  await gateway.close();
});

let users = 0;
const newUser = async (locale?: string, prefix = 'user'): Promise<string> => {
  const uid = `${prefix}-${++users}`;
  const device = { platform: 'fcm_android', fcmToken: `token-of-${uid}`, ...(locale ? { locale } : {}) };
  await gateway.backend('POST', `/v1/users/${uid}/devices`, device);
  return uid;
};
/** Sends an SMS. @returns its text, and the plan in the ledger. */
const sent = async (
  uid: string,
  change: object,
  { phno = PHNO, name = 'sms-one-on-one' } = {},
): Promise<{ text: string | undefined; sms: unknown }> => {
  const event = sms(phno, uid, name);
  Object.assign(event.data, change);
  const answer = await gateway.webhook('sms', event);
  const { notificationId } = answer.json<{ notificationId: string }>();
  await gateway.notification(notificationId);
  const { rows } = await sql.query<{ options: { sms: unknown } }>(
    'SELECT options FROM delivery WHERE notification_id = $1',
    [notificationId],
  );
  const text = (await gateway.sandboxMessages()).find((message) => message.uid === uid)?.message.text;
  return { text, sms: rows[0]?.options.sms };
};
const WITHOUT_CONTENT = { smsContent: null };

describe('the text of an SMS', () => {
  it('is that of CometChat, transliterated', async () => {
    const { text } = await sent(await newUser('de'), { smsContent: 'You’ve got “mail” – https://a.example' });
    expect(text).toBe('You\'ve got "mail" - https://a.example');
  });

  it('is that of a rule in preference to CometChat’s', async () => {
    const uid = await newUser('de', 'worded');
    expect((await sent(uid, {})).text).toBe(`By "rule" ${uid}`);
  });

  it('is rendered in the user’s language if CometChat sends none', async () => {
    const link = 'https://chat.example/inbox';
    expect((await sent(await newUser('de-AT'), WITHOUT_CONTENT)).text).toBe(
      `Sie haben 2 neue Nachrichten von Susan Marie. ${link}`,
    );
    expect((await sent(await newUser('pt_BR'), WITHOUT_CONTENT)).text).toBe(`Oi! 2 de Susan Marie ${link}`);
    expect((await sent(await newUser('pt-BR'), {}, { name: 'sms-group-without-smscontent' })).text).toBe(
      `Oi! 2 de Hiking Group ${link}`,
    );
    expect((await sent(await newUser(), WITHOUT_CONTENT)).text).toBe(
      `You have 2 new messages from Susan Marie. ${link}`,
    );
  });

  it('is cut to maxSegments, and keeps its link', async () => {
    const smsContent = `${'word '.repeat(100)}https://a.example/b`;
    const { text } = await sent(await newUser(), { smsContent });
    expect(text).toMatch(/^(word )+word\.\.\. https:\/\/a\.example\/b$/);
    expect(text?.length).toBeLessThanOrEqual(306);
    expect(text?.length).toBeGreaterThan(300);
  });
});

describe('the plan of an SMS', () => {
  it('has the route, the country, the conversation, and the language of a rendered text', async () => {
    expect((await sent(await newUser('de'), WITHOUT_CONTENT)).sms).toEqual({
      route: ['first', 'second'],
      onOverQuota: 'moveOn',
      country: 'US',
      language: 'de',
      conversation: 'cometchat-uid-4',
    });
    const german = { phno: '+4915112345678', name: 'sms-group' };
    expect((await sent(await newUser('de'), {}, german)).sms).toEqual({
      route: ['second'],
      onOverQuota: 'moveOn',
      country: 'DE',
      conversation: 'cometchat-guid-1',
    });
  });

  it('has the route of its sender or group, regardless of case', async () => {
    const route = async (change: object, name?: string): Promise<unknown> =>
      (await sent(await newUser(), change, name === undefined ? {} : { name })).sms;
    expect(await route({ senderDetails: { uid: 'bank-bot' } })).toMatchObject({ route: ['second'] });
    expect(await route({ groupDetails: { guid: 'TEAM-A' } }, 'sms-group')).toMatchObject({
      route: ['second', 'first'],
    });
  });

  it('has the same fields if a rule copies a push', async () => {
    const uid = await newUser('de');
    await gateway.backend('PUT', `/v1/users/${uid}/contact`, { phno: PHNO });
    const answer = await gateway.webhook('push', push({ body: 'urgent', tag: uid }, uid));
    const { notificationId } = answer.json<{ notificationId: string }>();
    await gateway.notification(notificationId);
    const { rows } = await sql.query<{ provider: string; options: object }>(
      `SELECT provider, options FROM delivery WHERE notification_id = $1 AND kind = 'sms'`,
      [notificationId],
    );
    expect(rows).toEqual([
      {
        provider: 'first',
        options: {
          text: 'Andrew Joseph: urgent',
          sms: {
            route: ['first', 'second'],
            onOverQuota: 'moveOn',
            country: 'US',
            ofContact: true,
            conversation: expect.stringMatching(/^cometchat-/),
          },
        },
      },
    ]);
  });
});
