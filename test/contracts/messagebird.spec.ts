import { afterEach, describe, expect, it } from '@jest/globals';
import { MessageBirdSettings } from '../../src/platform/config/sms-provider-settings.js';
import { MESSAGEBIRD_CODES } from '../../src/providers/messagebird/messagebird-errors.js';
import { messagebird } from '../../src/providers/messagebird/messagebird.provider.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import {
  messageBirdError,
  playMessageBird,
  startMessageBirdServer,
  type MessageBirdServer,
} from '../support/messagebird-server.js';
import { networkContract, providerContract } from './provider.contract.js';
import {
  BARE_STATUSES,
  DEAD,
  MAY_HAVE_BEEN_SENT,
  MISCONFIGURED,
  outcomeOf,
  OUT_OF_CREDIT,
  refused,
  smsRig,
  type ProvideOptions,
} from './sms-rig-a.js';

const MESSAGE: SmsMessage = {
  address: { phno: '+31612345678' },
  text: 'Andrew Joseph: hällo & wie geht’s? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  statusUrl: 'https://sms.example.com/callbacks/app123/sms/messagebird/status',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};

function provide(server: MessageBirdServer, over: Partial<MessageBirdSettings> = {}): SmsProvider {
  const { accessKey, url: endpoint } = server;
  const settings = { id: 'messagebird', type: 'messagebird', accessKey, from: 'Bellhop', endpoint };
  return messagebird.create(Object.assign(new MessageBirdSettings(), settings, over));
}

const under = {
  start: startMessageBirdServer,
  provide: (server: MessageBirdServer, { badCredentials, ca, ...rest }: ProvideOptions): SmsProvider =>
    provide(server, {
      ...rest,
      ...(ca === undefined ? {} : { ca }),
      ...(badCredentials ? { accessKey: 'wrong' } : {}),
    }),
  play: playMessageBird,
  message: MESSAGE,
  secrets: ['Andrew Joseph', 'messagebird-test-key'],
};
providerContract('messagebird over HTTP/1.1', smsRig(under, { http2: false }));
networkContract('messagebird over HTTP/1.1', smsRig(under, { http2: false }));
providerContract('messagebird over HTTP/2', smsRig(under, {}));
networkContract('messagebird over HTTP/2', smsRig(under, {}));

describe('MessageBird', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  const started = async (
    over: Partial<MessageBirdSettings> = {},
  ): Promise<{ server: MessageBirdServer; provider: SmsProvider }> => {
    const server = await startMessageBirdServer({ tls: false });
    const provider = provide(server, over);
    open.push(server, provider);
    return { server, provider };
  };
  const send = (provider: SmsProvider, message: SmsMessage = MESSAGE): Promise<unknown> =>
    outcomeOf(provider.send(message, CONTEXT));

  it('is given every field', async () => {
    const { server, provider } = await started();
    expect(await send(provider)).toEqual({
      outcome: 'accepted',
      vendorMessageId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(server.received).toEqual([
      {
        originator: 'Bellhop',
        recipients: ['31612345678'],
        body: MESSAGE.text,
        type: 'sms',
        datacoding: 'unicode',
        reference: MESSAGE.reference,
        validity: 3_600,
        reportUrl: MESSAGE.statusUrl,
      },
    ]);
  });

  it('is given a plain text, a number as the sender, and no address to report to', async () => {
    const { server, provider } = await started({ from: '+31970123456' });
    const { statusUrl: _, ...bare } = MESSAGE;
    await send(provider, { ...bare, encoding: 'gsm7' });
    expect(server.received).toMatchObject([{ originator: '31970123456', datacoding: 'plain' }]);
    expect(server.received[0]).not.toHaveProperty('reportUrl');
  });

  it('says that a text is too long', async () => {
    const { provider } = await started();
    const long = { ...MESSAGE, text: 'ä'.repeat(604) };
    expect(await send(provider, long)).toEqual({ ...refused('message_too_large'), vendorCode: '10 body' });
  });

  const ROWS: Readonly<Record<string, object>> = {
    '2': MISCONFIGURED,
    '9': refused('message_refused'),
    '10': refused('message_refused'),
    '20': MISCONFIGURED,
    '25': OUT_OF_CREDIT,
    '9 recipient': DEAD,
    '9 recipients': DEAD,
    '9 originator': MISCONFIGURED,
    '10 recipient': DEAD,
    '10 recipients': DEAD,
    '10 originator': MISCONFIGURED,
    '10 body': refused('message_too_large'),
    '10 reportUrl': MISCONFIGURED,
  };
  it('has a test for every row of its table', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(MESSAGEBIRD_CODES));
  });
  it.each(Object.entries(ROWS))('code %s', async (row, expected) => {
    const { server, provider } = await started();
    const [code, parameter] = row.split(' ');
    server.answerWith(messageBirdError(422, Number(code), parameter ?? null));
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: row });
    if (parameter !== undefined) return;
    server.answerWith(messageBirdError(422, Number(code), 'another'));
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: row });
  });

  it('does not call a number dead that only a trial may not send to', async () => {
    const { server, provider } = await started();
    const words =
      'no (correct) recipients found. Note: during your test period you can only send to yourself';
    server.answerWith(messageBirdError(422, 9, 'recipient', words));
    expect(await send(provider)).toEqual({ ...refused('message_refused'), vendorCode: '9' });
  });

  it.each(BARE_STATUSES)('status %i without a code that is known', async (status, expected) => {
    const { server, provider } = await started();
    server.answerWith({ status, body: '<html>no JSON</html>' });
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
    server.answerWith(messageBirdError(status, 9_999));
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: '9999' });
  });

  it.each([
    ['no id', '{"direction":"mt"}'],
    ['an id that is none', '{"id":17}'],
  ])('may have sent it where it says yes with %s', async (_, body) => {
    const { server, provider } = await started();
    server.answerWith({ status: 201, body });
    expect(await send(provider)).toMatchObject({ ...MAY_HAVE_BEEN_SENT, vendorCode: 'invalid_answer' });
  });
});
