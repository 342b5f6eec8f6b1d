import { describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { OPERATOR_AUTH, type SandboxJson } from '../support/gateway.js';
import { OTTO_AUTH } from '../support/operators.js';
import { until } from '../support/until.js';
import { useSandboxDemo } from './sandbox-demo.fixture.js';

const { add, play, post, received, request, settled } = useSandboxDemo();
const fields = ({ message }: SandboxJson): Record<string, unknown> => message.data ?? message;

describe('a played event', () => {
  it('arrives as a message', async () => {
    const [phone] = await add('m1', 'android');
    const { notificationIds } = await play({ kind: 'message', from: 'Bob', to: 'm1', text: 'Hello there' });
    expect(await settled(notificationIds)).toMatchObject([
      { kind: 'chat', channel: 'push', uid: 'm1', source: 'webhook', status: 'sent' },
    ]);
    const [message] = await received('m1');
    expect(message).toMatchObject({ to: phone?.token, outcome: 'accepted', kind: 'chat' });
    expect(fields(message as SandboxJson)).toEqual({
      title: 'Bob',
      body: 'Hello there',
      sender: 'bob',
      senderName: 'Bob',
      receiver: 'm1',
      receiverName: 'M1',
      receiverType: 'user',
      conversationId: 'bob_user_m1',
      type: 'chat',
      tag: expect.stringMatching(/^\d+$/),
      sentAt: expect.stringMatching(/^\d{13}$/),
    });
  });

  it('is no repeat of an earlier one with the same text', async () => {
    await add('m2', 'android');
    await add('m2', 'sms');
    for (const kind of ['message', 'sms']) {
      const first = await play({ kind, from: 'bob', to: 'm2', text: 'Again' });
      const second = await play({ kind, from: 'bob', to: 'm2', text: 'Again' });
      expect(second.notificationIds).not.toEqual(first.notificationIds);
      await settled([...first.notificationIds, ...second.notificationIds]);
    }
    expect((await received('m2')).map(({ kind }) => kind)).toEqual(['chat', 'chat', 'sms', 'sms']);
  });

  it('of a group goes to every member but the sender, users with phones first', async () => {
    await add('g1', 'android');
    await add('g2', 'web');
    const { notificationIds } = await play({
      kind: 'group',
      from: 'g2',
      to: 'g1',
      text: 'Where are you?',
      group: { size: 3 },
      conversationId: 'group_hiking-club',
    });
    expect(notificationIds).toHaveLength(2);
    const records = await settled(notificationIds);
    expect(records.map(({ uid, status }) => [uid, status])).toContainEqual(['g1', 'sent']);
    expect(records.map(({ uid }) => uid)).not.toContain('g2');
    const [message] = await received('g1');
    expect(fields(message as SandboxJson)).toMatchObject({
      title: 'Hiking club',
      body: 'G2: Where are you?',
      receiver: 'hiking-club',
      receiverType: 'group',
      conversationId: 'group_hiking-club',
    });
  });

  it('arrives as a reaction', async () => {
    await add('r1', 'android');
    const { notificationIds } = await play({ kind: 'reaction', from: 'bob', to: 'r1' });
    expect(await settled(notificationIds)).toMatchObject([{ kind: 'reaction', status: 'sent' }]);
    expect(fields((await received('r1'))[0] as SandboxJson)).toMatchObject({
      body: 'Reacted to your message: 😎',
      sender: 'bob',
      receiver: 'bob',
    });
  });

  it('arrives as an SMS at the number of the contact', async () => {
    const [number] = await add('s1', 'sms');
    const { notificationIds } = await play({ kind: 'sms', from: 'bob', to: 's1', text: 'Call me' });
    expect(await settled(notificationIds)).toMatchObject([{ kind: 'sms', channel: 'sms', status: 'sent' }]);
    expect(await received('s1')).toMatchObject([
      { channel: 'sms', to: number?.phno, message: { text: 'Bob: Call me', segments: 1 } },
    ]);
  });

  it('rings, and a declined call stops ringing', async () => {
    const phone = await add('c1', 'ios');
    const [device, voip] = phone.map(({ token }) => token);
    const call = { kind: 'call', from: 'bob', to: 'c1' };
    const { notificationIds, sessionId } = await play(call);
    expect(sessionId).toMatch(/^v1\.us\.[0-9a-f]{32}$/);
    await settled(notificationIds);
    expect(await received('c1')).toMatchObject([
      { to: voip, kind: 'call', message: { callAction: 'initiated', sessionId, callType: 'audio' } },
    ]);

    const declined = await play({ ...call, callAction: 'rejected', sessionId });
    expect(declined.sessionId).toBe(sessionId);
    await settled(declined.notificationIds);
    const [, end] = await received('c1');
    expect(end).toMatchObject({ to: device, message: { callAction: 'rejected', sessionId } });
    // The same call rings no more, on no device.
    await add('c1', 'android');
    const again = await play({ ...call, sessionId });
    expect(again.notificationIds).toEqual(notificationIds);
  });

  it('of a call that is over does not ring', async () => {
    await add('c2', 'android');
    const sessionId = 'v1.us.over';
    const call = { kind: 'call', from: 'bob', to: 'c2', sessionId };
    await settled((await play({ ...call, callAction: 'cancelled' })).notificationIds);
    const [ring] = await settled((await play(call)).notificationIds);
    expect(ring).toMatchObject({ status: 'expired', deliveries: [{ reason: 'call_over' }] });
  });

  it('shows a missed call', async () => {
    await add('c3', 'ios');
    const { notificationIds, sessionId } = await play({ kind: 'missed_call', from: 'bob', to: 'c3' });
    expect(notificationIds).toHaveLength(2);
    const messages = await until(async () => {
      const found = await received('c3');
      return found.length === 2 && found;
    });
    expect(messages.map(({ message }) => message)).toMatchObject([
      { callAction: 'initiated', sessionId },
      { callAction: 'unanswered', sessionId, aps: { alert: { title: 'Bob', body: 'Missed audio call' } } },
    ]);
  });

  it.each([
    ['demo', 'without a login', {}],
    ['otto', 'with a login', { authorization: OTTO_AUTH }],
  ])('is in the audit log as the act of %s %s', async (actor, _how, headers) => {
    const body = { kind: 'message', from: 'bob', to: 'ann' };
    const answer = await post('/sandbox/play', body, headers);
    await settled(answer.json<{ notificationIds: string[] }>().notificationIds);
    const audit = await request({
      ...{ method: 'GET', url: '/v1/audit?limit=1', headers: { authorization: OPERATOR_AUTH } },
    });
    expect(audit.json<{ data: object[] }>().data).toMatchObject([
      { actor, action: 'sandbox.play', appId: DEMO.appId, uid: 'ann', detail: { kind: 'message' } },
    ]);
  });
});
