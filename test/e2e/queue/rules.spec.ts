import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO_CONFIG } from '../../../src/platform/config/demo-config.js';
import { startTestGateway, type SandboxJson, type TestGateway } from '../../support/gateway.js';
import { push, sms, type Webhook } from '../../support/payloads.js';
import { startPostgres, type TestPostgres } from '../../support/postgres.js';

const RULES = [
  { name: 'spam', when: 'details.body == "spam"', then: { drop: true } },
  { name: 'no calls from bots', when: 'details.sender == "bot"', then: { drop: true } },
  {
    name: 'private',
    when: 'details.receiverType == "user" && details.body.contains("secret")',
    then: {
      body: 'New message from {{ details.senderName }}',
      data: { deepLink: 'app://{{ uid }}', level: 3 },
    },
  },
  { name: 'seen by others', when: 'details.deepLink.startsWith("app://")', then: { sound: 'bell.caf' } },
  { name: 'later', when: 'details.body == "later"', then: { delaySeconds: 1 } },
  { name: 'calls later', when: 'kind == "call"', then: { delaySeconds: 600 } },
  { name: 'urgent', when: 'details.body.startsWith("urgent")', then: { copyToSms: true, stop: true } },
  { name: 'never after urgent', when: 'details.body.startsWith("urgent")', then: { drop: true } },
  {
    name: 'texts',
    when: 'channel == "sms" && uid.startsWith("short")',
    then: { smsText: 'Mail from {{ data.senderDetails.name }}' },
  },
  { name: 'broken', when: 'details.body > 5', then: { drop: true } },
];
const BURST = { ceiling: 3, windowSeconds: 60, collapseSeconds: 1 };

// Two gateways on the same stores: either may plan and send any push.
let postgres: TestPostgres;
let gateways: [TestGateway, TestGateway];
const lines: Record<string, unknown>[] = [];
beforeAll(async () => {
  postgres = await startPostgres();
  const [app] = DEMO_CONFIG.apps;
  const config = { apps: [{ ...app, rules: RULES, push: { ...app?.push, storm: BURST } }] };
  const log = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  gateways = [
    await startTestGateway({ postgres, config, log }),
    await startTestGateway({ postgres, config, log, keepRedis: true }),
  ];
});
afterAll(async () => {
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await postgres.close();
});

let users = 0;
const newUser = async (phno?: string, prefix = 'user'): Promise<string> => {
  const uid = `${prefix}-${++users}`;
  const device = { platform: 'fcm_android', fcmToken: `token-of-${uid}` };
  await gateways[0].backend('POST', `/v1/users/${uid}/devices`, device);
  if (phno !== undefined) await gateways[0].backend('PUT', `/v1/users/${uid}/contact`, { phno });
  return uid;
};
const send = async (event: Webhook, through: TestGateway = gateways[0]): Promise<string> => {
  const answer = await through.webhook('notificationDetails' in event.data ? 'push' : 'sms', event);
  return answer.json<{ notificationId: string }>().notificationId;
};
const settle = (id: string) => gateways[0].notification(id);
const given = async (uid: string): Promise<SandboxJson[]> =>
  (await gateways[0].sandboxMessages()).filter((message) => message.uid === uid);
const plannedLine = (id: string) =>
  lines.find(({ msg, notificationId }) => msg === 'notification.planned' && notificationId === id);

describe('rules', () => {
  it('drop a push and record the reason and the name of the rule', async () => {
    const uid = await newUser();
    const id = await send(push({ body: 'spam', tag: 't1' }, uid));
    expect(await settle(id)).toMatchObject({
      status: 'skipped',
      deliveries: [{ status: 'skipped', reason: 'filtered_by_rule', provider: null, attempts: [] }],
    });
    // This push is sent after the dropped one would have been.
    await settle(await send(push({ body: 'ham', tag: 't2' }, uid)));
    expect((await given(uid)).map(({ message }) => message.data?.['body'])).toEqual(['ham']);
    expect(plannedLine(id)).toMatchObject({ rules: ['spam'], reason: 'filtered_by_rule' });
  });

  it('change a push, and see the changes of earlier rules', async () => {
    const uid = await newUser();
    const id = await send(push({ body: 'a secret' }, uid));
    await settle(id);
    expect((await given(uid))[0]?.message.data).toMatchObject({
      title: 'Andrew Joseph',
      body: 'New message from Andrew Joseph',
      deepLink: `app://${uid}`,
      level: '3',
    });
    expect(plannedLine(id)).toMatchObject({ rules: ['private', 'seen by others'] });
  });

  it('delay a push', async () => {
    const uid = await newUser();
    const startedAt = Date.now();
    const id = await send(push({ body: 'later' }, uid));
    const record = await settle(id);
    const sentAt = Date.parse(record.deliveries[0]?.attempts[0]?.startedAt ?? '');
    expect(sentAt - startedAt).toBeGreaterThanOrEqual(990);
    expect(record.status).toBe('sent');
  });

  it('never delay a call, and record its end even if they drop it', async () => {
    const uid = await newUser();
    const call = (callAction: string, change: object = {}) =>
      push({ callAction, sessionId: `session-of-${uid}`, ...change }, uid, 'push-call-initiated');
    expect(await settle(await send(call('initiated')))).toMatchObject({ status: 'sent' });
    expect(await settle(await send(call('ended')))).toMatchObject({ status: 'sent' });

    const other = { sessionId: `another-of-${uid}` };
    const dropped = await settle(await send(call('cancelled', { ...other, sender: 'bot' })));
    expect(dropped.deliveries[0]?.reason).toBe('filtered_by_rule');
    const ring = await settle(await send(call('initiated', other)));
    expect(ring).toMatchObject({ status: 'expired', deliveries: [{ reason: 'call_over' }] });
  });

  it('copy a push to an SMS, and end at a rule with stop', async () => {
    const uid = await newUser('+14155550100');
    const record = await settle(await send(push({ body: 'urgent: come' }, uid)));
    expect(record).toMatchObject({ channel: 'push', status: 'sent' });
    expect(
      record.deliveries.map(({ kind, status }) => `${kind} ${status}`).toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(['sandbox sent', 'sms sent']);
    const copy = (await given(uid)).find(({ channel }) => channel === 'sms');
    expect(copy).toMatchObject({
      provider: 'sandbox',
      to: '+14155550100',
      message: { text: 'Andrew Joseph: urgent: come' },
    });
  });

  it('copy a push to an SMS, and record a missing number or device', async () => {
    const withoutNumber = await settle(await send(push({ body: 'urgent' }, await newUser())));
    expect(withoutNumber).toMatchObject({ status: 'sent' });
    expect(withoutNumber.deliveries.find(({ kind }) => kind === 'sms')).toMatchObject({
      status: 'skipped',
      reason: 'no_phone_number',
    });

    const uid = 'user-without-device';
    await gateways[0].backend('PUT', `/v1/users/${uid}/contact`, { phno: '+14155550101' });
    const withoutDevice = await settle(await send(push({ body: 'urgent' }, uid)));
    expect(withoutDevice.status).toBe('sent');
    expect(withoutDevice.deliveries.find(({ kind }) => kind === null)).toMatchObject({ reason: 'no_device' });
  });

  it('replace the text of an SMS', async () => {
    const uid = await newUser('+14155550102', 'short');
    await settle(await send(sms('+14155550102', uid)));
    expect((await given(uid))[0]?.message.text).toBe('Mail from Susan Marie');
  });

  it('that fail drop no push, and are logged once without the content', async () => {
    const uid = await newUser();
    await settle(await send(push({ body: 'Hello you' }, uid, 'push-reaction')));
    await settle(await send(push({ body: 'Hello you two' }, uid, 'push-reaction')));
    expect(await given(uid)).toHaveLength(2);
    const failed = lines.filter(({ msg }) => msg === 'rule.failed');
    expect(failed.length).toBeGreaterThan(0);
    // Once per process.
    expect(failed.length).toBeLessThanOrEqual(2);
    expect(failed[0]).toMatchObject({
      level: 40,
      appId: 'app123',
      rule: 'broken',
      part: 'when',
      code: 'no_such_overload',
    });
    expect(JSON.stringify(failed)).not.toContain('Hello');
  });
});

describe('a burst of messages', () => {
  const MESSAGES = 40;

  it('becomes few pushes, the last of which has the newest text and the total count', async () => {
    const uid = await newUser();
    const ids: string[] = [];
    for (let i = 1; i <= MESSAGES; i++) {
      const event = push({ body: `message ${i}`, tag: String(i), conversationId: `group_${uid}` }, uid);
      ids.push(await send(event, gateways[i % 2]));
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    const records = await gateways[0].notifications(ids);
    // From the first webhook to the last push.
    const tookMs =
      Math.max(...records.map(({ settledAt }) => Date.parse(settledAt ?? ''))) -
      Date.parse(records[0]?.receivedAt ?? '');
    const messages = (await given(uid)).toReversed();
    const bodies = messages.map(({ message }) => message.data?.['body'] ?? '');
    expect(bodies).toEqual(expect.arrayContaining(['message 1', 'message 2', 'message 3']));
    expect(bodies.at(-1)).toBe(`${MESSAGES} new messages: message ${MESSAGES}`);
    expect(messages.at(-1)?.message.data).toMatchObject({ tag: String(MESSAGES) });
    // Pushes under the ceiling, one digest at once, and one digest per second.
    expect(bodies.length).toBeGreaterThanOrEqual(5);
    expect(bodies.length).toBeLessThanOrEqual(3 + 1 + Math.ceil(tookMs / 1_000) + 1);

    const collapsed = records.filter(({ status }) => status === 'skipped');
    expect(collapsed).toHaveLength(MESSAGES - bodies.length);
    expect(new Set(collapsed.map(({ deliveries }) => deliveries[0]?.reason))).toEqual(new Set(['collapsed']));
  });

  it('has every concurrent message counted in its digests, through either process', async () => {
    const uid = await newUser();
    const events = Array.from({ length: MESSAGES }, (_, i) =>
      push({ body: `message ${i}`, tag: String(i), conversationId: `group_${uid}` }, uid),
    );
    const ids = await Promise.all(events.map((event, i) => send(event, gateways[i % 2])));
    const records = await gateways[0].notifications(ids);
    const messages = await given(uid);
    const isDigest = ({ message }: SandboxJson): boolean =>
      (message.data?.['body'] ?? '').includes(' new messages: ');
    const digests = messages.filter(isDigest);
    const own = messages.filter((message) => !isDigest(message)).map(({ message }) => message.data?.['tag']);
    // It shows the newest message that was not sent on its own; workers count them in any order.
    const newest =
      ids
        .filter((_, i) => !own.includes(String(i)))
        .toSorted()
        .at(-1) ?? '';
    expect(digests[0]?.message.data?.['body']).toBe(
      `${MESSAGES} new messages: message ${ids.indexOf(newest)}`,
    );
    // Messages in a digest are not sent individually afterwards.
    const begun = own.map((tag) => records[Number(tag)]?.deliveries[0]?.attempts[0]?.startedAt ?? '');
    const firstDigestAt = digests.at(-1)?.at ?? '';
    expect(begun.filter((startedAt) => Date.parse(startedAt) > Date.parse(firstDigestAt))).toEqual([]);
  });

  it('does not affect calls and other conversations', async () => {
    const uid = await newUser();
    const inBurst = (i: number) => push({ body: `message ${i}`, tag: String(i), conversationId: 'one' }, uid);
    await Promise.all([1, 2, 3, 4, 5, 6].map((i) => send(inBurst(i))));
    const call = { callAction: 'initiated', sessionId: `session-of-${uid}`, conversationId: 'one' };
    const ring = await settle(await send(push(call, uid, 'push-call-initiated')));
    const other = await settle(await send(push({ body: 'alone', tag: '9', conversationId: 'another' }, uid)));
    expect([ring.status, other.status]).toEqual(['sent', 'sent']);
    const bodies = (await given(uid)).map(({ message }) => message.data?.['body']);
    expect(bodies).toContain('alone');
  });
});
