import { afterEach, describe, expect, it } from '@jest/globals';
import { TwilioSettings } from '../../src/platform/config/sms-provider-settings.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import { TWILIO_CODES } from '../../src/providers/twilio/twilio-errors.js';
import { twilio } from '../../src/providers/twilio/twilio.provider.js';
import {
  startTwilioServer,
  twilioAnswer,
  twilioError,
  twilioMessage,
  type TwilioServer,
  type TwilioServerOptions,
} from '../support/twilio-server.js';
import { networkContract, providerContract, type Rig, type RigOptions } from './provider.contract.js';

const MESSAGE: SmsMessage = {
  address: { phno: '+14155550100' },
  text: 'Andrew Joseph: hällo & wie geht’s? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  statusUrl: 'https://sms.example.com/callbacks/app123/sms/twilio/status',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};

function provide(server: TwilioServer, over: Partial<TwilioSettings> = {}): SmsProvider {
  const settings = Object.assign(new TwilioSettings(), {
    id: 'twilio',
    type: 'twilio',
    accountSid: server.accountSid,
    authToken: server.authToken,
    from: '+15005550006',
    endpoint: server.url,
    ...(server.ca === undefined ? {} : { ca: server.ca }),
  });
  return twilio.create(Object.assign(settings, over));
}

const rig =
  (serverOptions: TwilioServerOptions) =>
  async ({ timeoutMs, latencyMs, badCredentials, untrusted }: RigOptions = {}): Promise<Rig<SmsMessage>> => {
    const server = await startTwilioServer({
      ...serverOptions,
      ...(latencyMs === undefined ? {} : { latencyMs }),
    });
    const provider = provide(server, {
      ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
      ...(badCredentials ? { authToken: 'wrong' } : {}),
    });
    const stranger = untrusted ? untrusting(server) : undefined;
    return {
      provider: stranger ?? provider,
      arrange: (scenario, told) => {
        server.answerWith(twilioAnswer(scenario, told));
        return MESSAGE;
      },
      taken: () => server.received.length,
      secrets: [MESSAGE.address.phno, 'Andrew Joseph', server.authToken],
      network: {
        asked: () => server.vendor.requests,
        connections: () => server.vendor.connections,
        stopVendor: () => server.close(),
      },
      stop: async () => {
        await provider.close();
        await stranger?.close();
        await server.close();
      },
    };
  };

function untrusting(server: TwilioServer): SmsProvider {
  const { ca: _, ...rest } = server;
  return provide({ ...rest, ca: undefined });
}

providerContract('twilio over HTTP/1.1', rig({ http2: false }));
networkContract('twilio over HTTP/1.1', rig({ http2: false }));
providerContract('twilio over HTTP/2', rig({}));
networkContract('twilio over HTTP/2', rig({}));

describe('Twilio', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  const started = async (
    over: Partial<TwilioSettings> = {},
    options: TwilioServerOptions = {},
  ): Promise<{ server: TwilioServer; provider: SmsProvider }> => {
    const server = await startTwilioServer({ tls: false, ...options });
    const provider = provide(server, over);
    open.push(server, provider);
    return { server, provider };
  };
  const outcome = (provider: SmsProvider): Promise<unknown> =>
    provider.send(MESSAGE, CONTEXT).catch((error: unknown) => error);

  it('is given the number, the sender and the text', async () => {
    const { server, provider } = await started();
    await provider.send(MESSAGE, CONTEXT);
    const { phno: to } = MESSAGE.address;
    expect(server.received).toEqual([
      {
        to,
        from: '+15005550006',
        messagingServiceSid: undefined,
        body: MESSAGE.text,
        statusCallback: MESSAGE.statusUrl,
        validityPeriod: 3_600,
      },
    ]);
  });

  it('is given no callback address where none is known', async () => {
    const { server, provider } = await started();
    await provider.send({ ...MESSAGE, statusUrl: undefined }, CONTEXT);
    expect(server.received).toMatchObject([{ statusCallback: undefined }]);
  });

  it.each([
    [0, 1],
    [0.4, 1],
    [90.7, 90],
    [36_000, 36_000],
    [172_800, 36_000],
  ])('is allowed %p seconds, which it takes as %i', async (validForSeconds, validityPeriod) => {
    const { server, provider } = await started();
    await provider.send({ ...MESSAGE, validForSeconds }, CONTEXT);
    expect(server.received).toMatchObject([{ validityPeriod }]);
  });

  it('refuses a callback address that it could not call', async () => {
    const { provider } = await started();
    const message = { ...MESSAGE, statusUrl: 'https://my_host.example.com/status' };
    const sending = provider.send(message, CONTEXT);
    await expect(sending).rejects.toMatchObject({ name: 'ProviderMisconfigured', vendorCode: '21609' });
  });

  it('is given the messaging service in place of a sender', async () => {
    const messagingServiceSid = 'MG00000000000000000000000000000001';
    const { server, provider } = await started();
    const settings = Object.assign(new TwilioSettings(), {
      id: 'twilio',
      type: 'twilio',
      accountSid: server.accountSid,
      authToken: server.authToken,
      endpoint: server.url,
      messagingServiceSid,
    });
    const service = twilio.create(settings);
    open.push(service);
    await service.send(MESSAGE, CONTEXT);
    expect(server.received).toMatchObject([{ from: undefined, messagingServiceSid }]);
    await provider.close();
  });

  it('knows us by an API key', async () => {
    const { server, provider } = await started(
      { authToken: 'unused', apiKeySid: 'SK01', apiKeySecret: 'secret:with:colons' },
      { apiKeys: { SK01: 'secret:with:colons' } },
    );
    await expect(provider.send(MESSAGE, CONTEXT)).resolves.toMatchObject({ outcome: 'accepted' });
    expect(server.received).toHaveLength(1);
  });

  it('answers with the id of the message', async () => {
    const { provider } = await started();
    const result = await provider.send(MESSAGE, CONTEXT);
    expect(result).toEqual({
      outcome: 'accepted',
      vendorMessageId: expect.stringMatching(/^SM[0-9a-f]{32}$/),
    });
  });

  const refused = (reason: string, addressIsDead: boolean): object => ({
    outcome: 'refused',
    reason,
    addressIsDead,
  });
  const dead = refused('number_unreachable', true);
  const misconfigured = { name: 'ProviderMisconfigured', reason: 'provider_misconfigured' };
  const noCredit = { name: 'ProviderMisconfigured', reason: 'no_credit' };
  const overQuota = (retryAfterMs: number): object => ({ name: 'ProviderOverQuota', retryAfterMs });
  const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };
  const ROWS: Readonly<Record<number, object>> = {
    21211: refused('invalid_phone_number', true),
    21214: dead,
    21217: refused('invalid_phone_number', true),
    21265: dead,
    21268: dead,
    21614: dead,
    21635: dead,
    30005: dead,
    30006: dead,
    21266: refused('number_unreachable', false),
    21612: refused('number_unreachable', false),
    30003: refused('number_unreachable', false),
    21610: refused('opted_out', false),
    21408: refused('country_not_allowed', false),
    21602: refused('message_refused', false),
    21608: refused('message_refused', false),
    21617: refused('message_too_large', false),
    21619: refused('message_refused', false),
    30004: refused('message_refused', false),
    30007: refused('message_refused', false),
    30008: refused('undelivered', false),
    30019: refused('message_too_large', false),
    30036: refused('undelivered', false),
    30038: refused('message_refused', false),
    30485: refused('undelivered', false),
    21658: refused('message_too_large', false),
    30450: refused('message_refused', false),
    14107: overQuota(1_000),
    20429: overQuota(1_000),
    21611: overQuota(60_000),
    30001: overQuota(60_000),
    30022: { ...overQuota(60_000), maybeAccount: true },
    30023: overQuota(900_000),
    30027: overQuota(900_000),
    30454: overQuota(900_000),
    63038: overQuota(900_000),
    10001: noCredit,
    20003: misconfigured,
    20005: noCredit,
    20008: misconfigured,
    20403: misconfigured,
    20404: misconfigured,
    21212: misconfigured,
    21267: misconfigured,
    21601: misconfigured,
    21603: misconfigured,
    21606: misconfigured,
    21616: misconfigured,
    21659: misconfigured,
    21660: misconfigured,
    21661: misconfigured,
    21701: misconfigured,
    21703: misconfigured,
    21704: misconfigured,
    21705: misconfigured,
    30002: noCredit,
    30032: misconfigured,
    30024: misconfigured,
    30033: misconfigured,
    30034: misconfigured,
    30035: misconfigured,
    30037: misconfigured,
    30040: misconfigured,
    30041: misconfigured,
    21609: misconfigured,
    20500: unavailable,
    20503: unavailable,
    21730: unavailable,
    30020: unavailable,
    30021: unavailable,
  };

  it('has a test for every row of its table', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(TWILIO_CODES));
  });

  it.each(Object.entries(ROWS))(
    'code %s, as an error and as a message that failed at once',
    async (code, expected) => {
      const { server, provider } = await started();
      server.answerWith(twilioError(400, Number(code)));
      expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: code });
      server.answerWith((text) => twilioMessage(server.accountSid, text, 1, Number(code)));
      expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: code });
    },
  );

  const BARE = [
    [302, misconfigured],
    [400, refused('message_refused', false)],
    [401, misconfigured],
    [403, misconfigured],
    [404, misconfigured],
    [408, { name: 'ProviderUnavailable', mayHaveBeenSent: true }],
    [413, refused('message_too_large', false)],
    [429, overQuota(1_000)],
    [500, unavailable],
    [502, unavailable],
    [503, unavailable],
    [504, { name: 'ProviderUnavailable', mayHaveBeenSent: true }],
  ] as const;
  it.each(BARE)('status %i without a code that is known', async (status, expected) => {
    const { server, provider } = await started();
    server.answerWith({ status, body: '<html>no JSON</html>' });
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
    server.answerWith(twilioError(status, 99_999));
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: '99999' });
  });

  it('refuses a message that failed at once for a reason that nobody knows', async () => {
    const { server, provider } = await started();
    server.answerWith((text) => twilioMessage(server.accountSid, text, 1, 39_999));
    const expected = {
      outcome: 'refused',
      reason: 'message_refused',
      addressIsDead: false,
      vendorCode: '39999',
    };
    expect(await outcome(provider)).toEqual(expected);
  });
});
