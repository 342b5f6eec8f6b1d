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
  // As people write them, whatever CometChat does.
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

let people = 0;
const user = async (locale?: string, prefix = 'person'): Promise<string> => {
  const uid = `${prefix}-${++people}`;
  const device = { platform: 'fcm_android', fcmToken: `token-of-${uid}`, ...(locale ? { locale } : {}) };
  await gateway.backend('POST', `/v1/users/${uid}/devices`, device);
  return uid;
};
/** The text as it was sent, and how it was planned. */
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
const UNTOLD = { smsContent: null };

describe('a text', () => {
  it('is CometChat’s, in plain letters', async () => {
    const { text } = await sent(await user('de'), { smsContent: 'You’ve got “mail” – https://a.example' });
    expect(text).toBe('You\'ve got "mail" - https://a.example');
  });

  it('is the rule’s before CometChat’s', async () => {
    const uid = await user('de', 'worded');
    expect((await sent(uid, {})).text).toBe(`By "rule" ${uid}`);
  });

  it('is made in the person’s language where CometChat has none', async () => {
    const link = 'https://chat.example/inbox';
    expect((await sent(await user('de-AT'), UNTOLD)).text).toBe(
      `Sie haben 2 neue Nachrichten von Susan Marie. ${link}`,
    );
    expect((await sent(await user('pt_BR'), UNTOLD)).text).toBe(`Oi! 2 de Susan Marie ${link}`);
    expect((await sent(await user('pt-BR'), {}, { name: 'sms-group-without-smscontent' })).text).toBe(
      `Oi! 2 de Hiking Group ${link}`,
    );
    expect((await sent(await user(), UNTOLD)).text).toBe(`You have 2 new messages from Susan Marie. ${link}`);
  });

  it('is cut to the segments that the app pays for, with its link', async () => {
    const smsContent = `${'word '.repeat(100)}https://a.example/b`;
    const { text } = await sent(await user(), { smsContent });
    expect(text).toMatch(/^(word )+word\.\.\. https:\/\/a\.example\/b$/);
    expect(text?.length).toBeLessThanOrEqual(306);
    expect(text?.length).toBeGreaterThan(300);
  });
});

describe('the plan of a text', () => {
  it('has its route, country, conversation, and a language where its words are made here', async () => {
    expect((await sent(await user('de'), UNTOLD)).sms).toEqual({
      route: ['first', 'second'],
      onOverQuota: 'moveOn',
      country: 'US',
      language: 'de',
      conversation: 'cometchat-uid-4',
    });
    const german = { phno: '+4915112345678', name: 'sms-group' };
    expect((await sent(await user('de'), {}, german)).sms).toEqual({
      route: ['second'],
      onOverQuota: 'moveOn',
      country: 'DE',
      conversation: 'cometchat-guid-1',
    });
  });

  it('has the route of its sender or group, in whichever case that is written', async () => {
    const route = async (change: object, name?: string): Promise<unknown> =>
      (await sent(await user(), change, name === undefined ? {} : { name })).sms;
    expect(await route({ senderDetails: { uid: 'bank-bot' } })).toMatchObject({ route: ['second'] });
    expect(await route({ groupDetails: { guid: 'TEAM-A' } }, 'sms-group')).toMatchObject({
      route: ['second', 'first'],
    });
  });

  it('has them for a rule’s copy, too', async () => {
    const uid = await user('de');
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
