import { afterEach, describe, expect, it } from '@jest/globals';
import { PlivoSettings } from '../../src/platform/config/sms-provider-settings.js';
import { PLIVO_STATUSES, PLIVO_WORDS } from '../../src/providers/plivo/plivo-errors.js';
import { plivo } from '../../src/providers/plivo/plivo.provider.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import {
  playPlivo,
  plivoError,
  plivoInvalidNumber,
  startPlivoServer,
  type PlivoServer,
} from '../support/plivo-server.js';
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
  UNAVAILABLE,
  type ProvideOptions,
} from './sms-rig-a.js';

const MESSAGE: SmsMessage = {
  address: { phno: '+14155550100' },
  text: 'Andrew Joseph: hällo & wie geht’s? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  statusUrl: 'https://sms.example.com/callbacks/app123/sms/plivo/status',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};

function provide(server: PlivoServer, over: Partial<PlivoSettings> = {}): SmsProvider {
  const { authId, authToken, url: endpoint } = server;
  const settings = { id: 'plivo', type: 'plivo', authId, authToken, from: '+15005550006', endpoint };
  return plivo.create(Object.assign(new PlivoSettings(), settings, over));
}

const under = {
  start: startPlivoServer,
  provide: (server: PlivoServer, { badCredentials, ca, ...rest }: ProvideOptions): SmsProvider =>
    provide(server, {
      ...rest,
      ...(ca === undefined ? {} : { ca }),
      ...(badCredentials ? { authToken: 'wrong' } : {}),
    }),
  play: playPlivo,
  message: MESSAGE,
  secrets: ['Andrew Joseph', 'plivo-test-token'],
};
providerContract('plivo over HTTP/1.1', smsRig(under, { http2: false }));
networkContract('plivo over HTTP/1.1', smsRig(under, { http2: false }));
providerContract('plivo over HTTP/2', smsRig(under, {}));
networkContract('plivo over HTTP/2', smsRig(under, {}));

describe('Plivo', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  const started = async (
    over: Partial<PlivoSettings> = {},
  ): Promise<{ server: PlivoServer; provider: SmsProvider }> => {
    const server = await startPlivoServer({ tls: false });
    const provider = provide(server, over);
    open.push(server, provider);
    return { server, provider };
  };
  const send = (provider: SmsProvider, over: Partial<SmsMessage> = {}): Promise<unknown> =>
    outcomeOf(provider.send({ ...MESSAGE, ...over }, CONTEXT));

  it('is given every field', async () => {
    const { server, provider } = await started();
    expect(await send(provider)).toEqual({
      outcome: 'accepted',
      vendorMessageId: 'db3ce55a-7f1d-11e1-8ea7-000000000001',
    });
    expect(server.received).toEqual([
      {
        src: '15005550006',
        dst: '14155550100',
        text: MESSAGE.text,
        type: 'sms',
        url: MESSAGE.statusUrl,
        method: 'POST',
        message_expiry: 3_600,
      },
    ]);
  });

  it('is given a name as the sender, and no address to report to', async () => {
    const { server, provider } = await started({ from: 'Bellhop' });
    const { statusUrl: _, ...bare } = MESSAGE;
    await provider.send(bare, CONTEXT);
    expect(server.received).toMatchObject([{ src: 'Bellhop' }]);
    expect(server.received[0]).not.toHaveProperty('url');
    expect(server.received[0]).not.toHaveProperty('method');
  });

  it.each([
    [1, 5],
    [36_000, 10_799],
  ])('is given a lifetime that it takes: %i s', async (validForSeconds, message_expiry) => {
    const { server, provider } = await started();
    await send(provider, { validForSeconds });
    expect(server.received).toMatchObject([{ message_expiry }]);
  });

  it('has a test for every row of its tables', () => {
    expect(Object.keys(PLIVO_WORDS)).toEqual(['invalid_number', 'insufficient_credit']);
    expect(Object.keys(PLIVO_STATUSES)).toEqual(STATUSES.map(([status]) => String(status)));
  });
  it('says in words that the number is none', async () => {
    const { server, provider } = await started();
    server.answerWith(plivoError(400, "'14155550100' is not a valid phone number."));
    expect(await send(provider)).toEqual({ ...DEAD, vendorCode: 'invalid_number' });
  });
  it('says yes and that the number is none', async () => {
    const { server, provider } = await started();
    server.answerWith(plivoInvalidNumber('14155550100'));
    expect(await send(provider)).toEqual({ ...DEAD, vendorCode: 'invalid_number' });
  });
  it('says in words that the sender is none, which is not said of the number', async () => {
    const { server, provider } = await started();
    server.answerWith(plivoError(400, "'15005550006' is not a valid phone number."));
    expect(await send(provider)).toEqual({ ...refused('message_refused'), vendorCode: '400' });
  });
  it('says in words that there is no credit', async () => {
    const { server, provider } = await started();
    server.answerWith(plivoError(400, 'Insufficient Credit'));
    expect(await send(provider)).toMatchObject({ ...OUT_OF_CREDIT, vendorCode: 'insufficient_credit' });
  });

  const STATUSES = [
    [400, refused('message_refused')],
    [401, MISCONFIGURED],
    [402, OUT_OF_CREDIT],
    [404, MISCONFIGURED],
    [405, MISCONFIGURED],
    [500, UNAVAILABLE],
  ] as const;
  it.each([...STATUSES, ...BARE_STATUSES])('status %i without words', async (status, expected) => {
    const { server, provider } = await started();
    server.answerWith({ status, body: '<html>no JSON</html>' });
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
    server.answerWith(plivoError(status, 'Words that nobody knows'));
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
  });

  it.each([
    ['no ids', '{"message":"message(s) queued"}'],
    ['an empty list', '{"message_uuid":[]}'],
    ['an id that is none', '{"message_uuid":[17]}'],
  ])('may have sent it where it says yes with %s', async (_, body) => {
    const { server, provider } = await started();
    server.answerWith({ status: 202, body });
    expect(await send(provider)).toMatchObject({ ...MAY_HAVE_BEEN_SENT, vendorCode: 'invalid_answer' });
  });
});
