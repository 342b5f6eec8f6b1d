import { afterEach, describe, expect, it } from '@jest/globals';
import { InfobipSettings } from '../../src/platform/config/sms-provider-settings.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import { INFOBIP_STATUSES } from '../../src/providers/infobip/infobip-errors.js';
import { infobip } from '../../src/providers/infobip/infobip.provider.js';
import {
  infobipAnswer,
  infobipError,
  infobipStatusOf,
  startInfobipServer,
  type InfobipServer,
  type InfobipServerOptions,
} from '../support/infobip-server.js';
import { networkContract, providerContract, type Rig, type RigOptions } from './provider.contract.js';

const MESSAGE: SmsMessage = {
  address: { phno: '+14155550100' },
  text: 'Andrew Joseph: hällo & wie geht’s? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  statusUrl: 'https://sms.example.com/callbacks/app123/sms/infobip/status?secret=0123456789abcdef',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};

function provide(server: Omit<InfobipServer, 'close'>, over: Partial<InfobipSettings> = {}): SmsProvider {
  const settings = Object.assign(new InfobipSettings(), {
    ...{ id: 'infobip', type: 'infobip', apiKey: server.apiKey, from: 'Bellhop', endpoint: server.url },
    ...(server.ca === undefined ? {} : { ca: server.ca }),
  });
  return infobip.create(Object.assign(settings, over));
}

const rig =
  (serverOptions: InfobipServerOptions) =>
  async ({ timeoutMs, latencyMs, badCredentials, untrusted }: RigOptions = {}): Promise<Rig<SmsMessage>> => {
    const server = await startInfobipServer({
      ...serverOptions,
      ...(latencyMs === undefined ? {} : { latencyMs }),
    });
    const provider = provide(untrusted ? { ...server, ca: undefined } : server, {
      ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
      ...(badCredentials ? { apiKey: 'wrong' } : {}),
    });
    return {
      provider,
      arrange: (scenario, told) => {
        server.script.answerWith(infobipAnswer(scenario, told));
        return MESSAGE;
      },
      taken: () => server.received.length,
      secrets: ['4155550100', 'Andrew Joseph', server.apiKey],
      network: {
        asked: () => server.vendor.requests,
        connections: () => server.vendor.connections,
        stopVendor: () => server.close(),
      },
      stop: async () => {
        await provider.close();
        await server.close();
      },
    };
  };

providerContract('infobip over HTTP/1.1', rig({ http2: false }));
networkContract('infobip over HTTP/1.1', rig({ http2: false }));
providerContract('infobip over HTTP/2', rig({}));
networkContract('infobip over HTTP/2', rig({}));

describe('Infobip', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  const started = async (
    options: InfobipServerOptions = {},
  ): Promise<{ server: InfobipServer; provider: SmsProvider }> => {
    const server = await startInfobipServer({ tls: false, ...options });
    const provider = provide(server);
    open.push(server, provider);
    return { server, provider };
  };
  const outcome = (provider: SmsProvider): Promise<unknown> =>
    provider.send(MESSAGE, CONTEXT).catch((error: unknown) => error);

  it('is given the text under an id of ours, and where to report', async () => {
    const { server, provider } = await started();
    await provider.send(MESSAGE, CONTEXT);
    expect(server.received).toEqual([
      {
        sender: 'Bellhop',
        destinations: [{ to: '14155550100', messageId: MESSAGE.reference }],
        content: { text: MESSAGE.text },
        options: { validityPeriod: { amount: 3_600, timeUnit: 'SECONDS' } },
        webhooks: {
          delivery: { url: MESSAGE.statusUrl },
          contentType: 'application/json',
          callbackData: MESSAGE.reference,
        },
      },
    ]);
  });

  it('is given no callback address where none is known', async () => {
    const { server, provider } = await started();
    await provider.send({ ...MESSAGE, statusUrl: undefined }, CONTEXT);
    expect(server.received).toMatchObject([{ webhooks: { callbackData: MESSAGE.reference } }]);
    expect(server.received[0]?.webhooks).not.toHaveProperty('delivery');
  });

  it.each([
    [0, 1],
    [90.7, 90],
    [604_800, 172_800],
  ])('is allowed %p seconds, which it takes as %i', async (validForSeconds, amount) => {
    const { server, provider } = await started();
    await provider.send({ ...MESSAGE, validForSeconds }, CONTEXT);
    expect(server.received).toMatchObject([{ options: { validityPeriod: { amount } } }]);
  });

  it('takes a text that comes again for the one that it has', async () => {
    const { server, provider } = await started({ refuseDuplicates: true });
    const accepted = { outcome: 'accepted', vendorMessageId: MESSAGE.reference };
    expect(await outcome(provider)).toEqual(accepted);
    expect(await outcome(provider)).toEqual(accepted);
    expect(server.received).toHaveLength(1);
  });

  const refused = (reason: string, addressIsDead = false): object => ({
    outcome: 'refused',
    reason,
    addressIsDead,
  });
  const misconfigured = { name: 'ProviderMisconfigured', reason: 'provider_misconfigured' };
  const noCredit = { name: 'ProviderMisconfigured', reason: 'no_credit' };
  const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };
  const unknown = { name: 'ProviderUnavailable', mayHaveBeenSent: true };
  const overQuota = { name: 'ProviderOverQuota', retryAfterMs: 1_000, addressOnly: false };
  const ROWS: Readonly<Record<number, object>> = {
    8: refused('number_unreachable', true),
    52: refused('number_unreachable', true),
    51: refused('message_refused'),
    6: refused('country_not_allowed'),
    10: refused('opted_out'),
    14: refused('opted_out'),
    18: refused('message_refused'),
    4: refused('undelivered'),
    9: refused('undelivered'),
    31: refused('undelivered'),
    15: refused('undelivered'),
    24: refused('message_refused'),
    25: refused('message_too_large'),
    87: refused('message_refused'),
    20: { name: 'ProviderOverQuota', retryAfterMs: 900_000, addressOnly: true },
    12: noCredit,
    17: noCredit,
    11: misconfigured,
    13: misconfigured,
    19: misconfigured,
    21: unavailable,
    100: { ...unavailable, addressOnly: true },
  };

  it('has a test for every row of its table', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(INFOBIP_STATUSES));
  });

  it.each(Object.entries(ROWS))('status %s', async (id, expected) => {
    const { server, provider } = await started();
    server.script.answerWith(infobipStatusOf(Number(id), 5, 'm-1', `NAME_OF_${id}`));
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: `NAME_OF_${id}` });
    server.script.answerWith(infobipStatusOf(Number(id), 5));
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: id });
  });

  it.each([2, 4, 5])('refuses a message of group %i for a reason that nobody knows', async (group) => {
    const { server, provider } = await started();
    server.script.answerWith(infobipStatusOf(999, group, 'm-1'));
    expect(await outcome(provider)).toEqual({ ...refused('message_refused'), vendorCode: '999' });
  });

  it.each([0, 1, 3])('has taken a message of group %i', async (group) => {
    const { server, provider } = await started();
    server.script.answerWith(infobipStatusOf(999, group, 'm-1'));
    expect(await outcome(provider)).toEqual({ outcome: 'accepted', vendorMessageId: 'm-1' });
  });

  it.each([
    ['no id', infobipStatusOf(26, 1)],
    ['no message', { status: 200, body: '{"messages":[]}' }],
    ['no status', { status: 200, body: '{"messages":[{"messageId":"m-1"}]}' }],
    ['half a status', { status: 200, body: '{"messages":[{"messageId":"m-1","status":{"id":26}}]}' }],
    ['no JSON', { status: 200, body: '<html>' }],
  ])('does not know what a yes with %s means', async (_what, answer) => {
    const { server, provider } = await started();
    server.script.answerWith(answer);
    expect(await outcome(provider)).toMatchObject({ ...unknown, vendorCode: 'invalid_answer' });
  });

  const BARE = [
    [302, misconfigured],
    [400, refused('message_refused')],
    [401, misconfigured],
    [403, misconfigured],
    [404, misconfigured],
    [408, unknown],
    [413, refused('message_too_large')],
    [429, overQuota],
    [500, unavailable],
    [502, unavailable],
    [503, unavailable],
    [504, unknown],
  ] as const;
  it.each(BARE)('HTTP status %i', async (status, expected) => {
    const { server, provider } = await started();
    server.script.answerWith({ status, body: '<html>no JSON</html>' });
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
    server.script.answerWith(infobipError(status, `E${status}`));
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: `E${status}` });
    const exception = { messageId: 'A_WORD', text: 'A sentence with 14155550100.' };
    const body = JSON.stringify({ requestError: { serviceException: exception } });
    server.script.answerWith({ status, body });
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: 'A_WORD' });
  });
});
