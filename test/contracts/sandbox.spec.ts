import { describe, expect, it } from '@jest/globals';
import type { PushAddress } from '../../src/domain/delivery.js';
import { SendAborted } from '../../src/domain/outcome.js';
import { SandboxMailbox, type SandboxMessage } from '../../src/domain/sandbox-mailbox.js';
import type { SandboxState, SandboxSwitch } from '../../src/domain/sandbox-switch.js';
import { SandboxPushSettings } from '../../src/providers/sandbox/sandbox-settings.js';
import { SandboxSmsSettings } from '../../src/providers/sandbox/sandbox-settings.js';
import type { PushMessage, SendContext, SmsMessage } from '../../src/providers/provider.js';
import { sandboxPush } from '../../src/providers/sandbox/sandbox-push.provider.js';
import { sandboxSms } from '../../src/providers/sandbox/sandbox-sms.provider.js';
import type { Scenario } from '../support/scenario.js';
import { providerContract, type Rig } from './provider.contract.js';

class FakeMailbox extends SandboxMailbox {
  readonly messages: SandboxMessage[] = [];

  async put(message: SandboxMessage): Promise<void> {
    this.messages.push(message);
  }

  accepted(): number {
    return this.messages.filter(({ outcome }) => outcome === 'accepted').length;
  }
}

const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'chat',
  signal: new AbortController().signal,
};
const PAYLOAD = { data: { title: 'Andrew Joseph' } };
const push = (token: string): PushMessage => {
  const address: PushAddress = { transport: 'fcm', token, platform: 'fcm_android' };
  return { address, payload: PAYLOAD, headers: {} };
};
const sms = (phno: string): SmsMessage => ({
  address: { phno },
  text: 'Andrew Joseph: hello',
  encoding: 'gsm7',
  segments: 1,
  reference: 'r-1',
  validForSeconds: 3_600,
});
const pushSettings = Object.assign(new SandboxPushSettings(), { id: 'default', type: 'sandbox' });
const smsSettings = Object.assign(new SandboxSmsSettings(), {
  id: 'texts',
  type: 'sandbox',
  from: 'Bellhop',
});

const TOKENS: Partial<Record<Scenario, string>> = {
  accept: 'token-of-a-phone',
  refuse_address: 'unregistered-phone-1',
  refuse_message: 'invalid-phone-1',
  fault: 'unavailable-phone-1',
  over_quota: 'quota-phone-1',
};
const NUMBERS: Partial<Record<Scenario, string>> = {
  accept: '+14155550100',
  refuse_address: '+14155550404',
  refuse_message: '+14155550400',
  fault: '+14155550500',
  over_quota: '+14155550429',
};

function rigOf<M>(
  provider: Rig<M>['provider'],
  mailbox: FakeMailbox,
  messages: Partial<Record<Scenario, M>>,
): Rig<M> {
  return {
    provider,
    arrange: (scenario) => {
      const message = messages[scenario];
      if (message === undefined) throw new Error(`The sandbox cannot play ${scenario}.`);
      return message;
    },
    taken: () => mailbox.accepted(),
    secrets: [...Object.values(TOKENS), ...Object.values(NUMBERS), 'Andrew Joseph'],
    stop: async () => undefined,
  };
}

const each = <M>(
  table: Partial<Record<Scenario, string>>,
  make: (to: string) => M,
): Partial<Record<Scenario, M>> =>
  Object.fromEntries(Object.entries(table).map(([scenario, to]) => [scenario, make(to)]));

providerContract('sandbox push', async () => {
  const mailbox = new FakeMailbox();
  return rigOf(sandboxPush(mailbox).create(pushSettings), mailbox, each(TOKENS, push));
});

providerContract('sandbox SMS', async () => {
  const mailbox = new FakeMailbox();
  return rigOf(sandboxSms(mailbox).create(smsSettings), mailbox, each(NUMBERS, sms));
});

describe('the sandbox', () => {
  const tokens = [
    ['unavailable-1', { name: 'ProviderUnavailable' }, 'unavailable'],
    ['quota-1', { name: 'ProviderOverQuota', retryAfterMs: 2_000 }, 'over_quota'],
    ['invalid-1', { outcome: 'refused', reason: 'token_invalid', addressIsDead: false }, 'refused'],
    ['unregistered-1', { outcome: 'refused', reason: 'token_unregistered', addressIsDead: true }, 'refused'],
    ['unregistered', { outcome: 'accepted', vendorMessageId: 'sandbox-d-1' }, 'accepted'],
    ['constructor-1', { outcome: 'accepted' }, 'accepted'],
    ['-1', { outcome: 'accepted' }, 'accepted'],
  ] as const;
  it.each(tokens)('answers a push to %s and lists it', async (token, expected, word) => {
    const mailbox = new FakeMailbox();
    const provider = sandboxPush(mailbox).create(pushSettings);
    const answer = await provider.send(push(token), CONTEXT).catch((error: unknown) => error);
    expect(answer).toMatchObject(expected);
    const { appId, uid, kind } = CONTEXT;
    const shown = {
      appId,
      uid,
      kind,
      channel: 'push',
      provider: 'default',
      to: token,
      outcome: word,
      message: PAYLOAD,
    };
    expect(mailbox.messages).toEqual([shown]);
  });

  const numbers = [
    ['+14155550500', { name: 'ProviderUnavailable' }, 'unavailable'],
    ['+14155550429', { name: 'ProviderOverQuota', retryAfterMs: 2_000 }, 'over_quota'],
    ['+14155550400', { outcome: 'refused', reason: 'message_refused', addressIsDead: false }, 'refused'],
    ['+14155550404', { outcome: 'refused', reason: 'number_unreachable', addressIsDead: true }, 'refused'],
    ['+14155550100', { outcome: 'accepted', vendorMessageId: 'sandbox-d-1' }, 'accepted'],
  ] as const;
  it.each(numbers)('answers an SMS to %s and lists it', async (to, expected, word) => {
    const mailbox = new FakeMailbox();
    const provider = sandboxSms(mailbox).create(smsSettings);
    const answer = await provider.send(sms(to), CONTEXT).catch((error: unknown) => error);
    expect(answer).toMatchObject(expected);
    const message = {
      to,
      from: 'Bellhop',
      text: 'Andrew Joseph: hello',
      encoding: 'gsm7',
      segments: 1,
      reference: 'r-1',
      validForSeconds: 3_600,
    };
    expect(mailbox.messages).toMatchObject([
      { channel: 'sms', provider: 'texts', to, outcome: word, message },
    ]);
  });

  it('throws the error of a failing mailbox unchanged, as an error of our own', async () => {
    class BrokenMailbox extends SandboxMailbox {
      async put(): Promise<void> {
        throw new TypeError('no mailbox');
      }
    }
    const provider = sandboxSms(new BrokenMailbox()).create(smsSettings);
    await expect(provider.send(sms('+14155550100'), CONTEXT)).rejects.toThrow(TypeError);
  });
});

describe('a switched sandbox', () => {
  const switchedTo = (state: SandboxState): SandboxSwitch => ({ stateOf: async () => state });

  it('to slow ends with the process and stores nothing', async () => {
    const mailbox = new FakeMailbox();
    const stop = new AbortController();
    const context = { ...CONTEXT, signal: stop.signal };
    const sending = [
      sandboxPush(mailbox, switchedTo('slow')).create(pushSettings).send(push('token'), context),
      sandboxSms(mailbox, switchedTo('slow')).create(smsSettings).send(sms('+14155550100'), context),
    ];
    stop.abort();
    for (const send of sending) await expect(send).rejects.toThrow(SendAborted);
    expect(mailbox.messages).toEqual([]);
  });

  it.each([
    ['down', 'failed', 'switched_down'],
    ['slow', 'ok', null],
    ['over_quota', 'ok', null],
    ['refusing', 'ok', null],
    ['up', 'ok', null],
  ] as const)('to %s has a check that is %s', async (state, outcome, code) => {
    const { signal, appId } = CONTEXT;
    for (const provider of [
      sandboxPush(new FakeMailbox(), switchedTo(state)).create(pushSettings),
      sandboxSms(new FakeMailbox(), switchedTo(state)).create(smsSettings),
    ])
      expect(await provider.check(signal, appId)).toMatchObject({ outcome, code });
  });
});

describe('a check of the sandbox', () => {
  it('is ok without a gateway and stores nothing', async () => {
    const mailbox = new FakeMailbox();
    const { signal } = CONTEXT;
    expect(await sandboxPush(mailbox).create(pushSettings).check(signal)).toMatchObject({ outcome: 'ok' });
    expect(await sandboxSms(mailbox).create(smsSettings).check(signal)).toMatchObject({ outcome: 'ok' });
    expect(mailbox.messages).toEqual([]);
  });
});
