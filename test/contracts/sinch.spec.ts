import { afterEach, describe, expect, it } from '@jest/globals';
import { SinchSettings } from '../../src/platform/config/sms-provider-settings.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import { SINCH_CODES } from '../../src/providers/sinch/sinch-errors.js';
import { sinch } from '../../src/providers/sinch/sinch.provider.js';
import {
  sinchAnswer,
  sinchError,
  startSinchServer,
  type SinchServer,
  type SinchServerOptions,
} from '../support/sinch-server.js';
import { networkContract, providerContract, type Rig, type RigOptions } from './provider.contract.js';

const MESSAGE: SmsMessage = {
  address: { phno: '+14155550100' },
  text: 'Andrew Joseph: hällo & wie geht’s? 👍',
  encoding: 'ucs2',
  segments: 1,
  reference: '01234567-89ab-7def-8123-000000000001-1',
  statusUrl: 'https://sms.example.com/callbacks/app123/sms/sinch/status?secret=0123456789abcdef',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};

function provide(server: Omit<SinchServer, 'close'>, over: Partial<SinchSettings> = {}): SmsProvider {
  const { servicePlanId, apiToken, url: endpoint } = server;
  const settings = Object.assign(new SinchSettings(), {
    ...{ id: 'sinch', type: 'sinch', servicePlanId, apiToken, from: 'Bellhop', endpoint },
    ...(server.ca === undefined ? {} : { ca: server.ca }),
  });
  return sinch.create(Object.assign(settings, over));
}

const rig =
  (serverOptions: SinchServerOptions) =>
  async ({ timeoutMs, latencyMs, badCredentials, untrusted }: RigOptions = {}): Promise<Rig<SmsMessage>> => {
    const server = await startSinchServer({
      ...serverOptions,
      ...(latencyMs === undefined ? {} : { latencyMs }),
    });
    const provider = provide(untrusted ? { ...server, ca: undefined } : server, {
      ...(timeoutMs === undefined ? {} : { requestTimeoutMs: timeoutMs }),
      ...(badCredentials ? { apiToken: 'wrong' } : {}),
    });
    return {
      provider,
      arrange: (scenario, told) => {
        server.script.answerWith(sinchAnswer(scenario, told));
        return MESSAGE;
      },
      taken: () => server.received.length,
      secrets: ['4155550100', 'Andrew Joseph', server.apiToken],
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

providerContract('sinch over HTTP/1.1', rig({ http2: false }));
networkContract('sinch over HTTP/1.1', rig({ http2: false }));
providerContract('sinch over HTTP/2', rig({}));
networkContract('sinch over HTTP/2', rig({}));

describe('Sinch', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  const started = async (): Promise<{ server: SinchServer; provider: SmsProvider }> => {
    const server = await startSinchServer({ tls: false });
    const provider = provide(server);
    open.push(server, provider);
    return { server, provider };
  };
  const outcome = (provider: SmsProvider): Promise<unknown> =>
    provider.send(MESSAGE, CONTEXT).catch((error: unknown) => error);

  it('is given a batch of one text, and where to report', async () => {
    const { server, provider } = await started();
    await provider.send(MESSAGE, CONTEXT);
    expect(server.received).toEqual([
      {
        type: 'mt_text',
        from: 'Bellhop',
        to: ['+14155550100'],
        body: MESSAGE.text,
        delivery_report: 'per_recipient',
        callback_url: MESSAGE.statusUrl,
        client_reference: MESSAGE.reference,
        expire_at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
      },
    ]);
  });

  it('is told that placeholders stand for themselves', async () => {
    const { server, provider } = await started();
    const text = 'Costs ${price} or ${a.b-c_1}, ${price}; not ${too long to be one of its keys}, ${} or $5';
    await provider.send({ ...MESSAGE, text }, CONTEXT);
    expect(server.received).toMatchObject([{ body: text }]);
    expect(server.received[0]?.parameters).toEqual({
      price: { default: '${price}' },
      'a.b-c_1': { default: '${a.b-c_1}' },
    });
  });

  it('is asked for no report where there is no address for it', async () => {
    const { server, provider } = await started();
    const result = await provider.send({ ...MESSAGE, statusUrl: undefined }, CONTEXT);
    expect(result).toMatchObject({ outcome: 'accepted' });
    expect(server.received).toMatchObject([{ delivery_report: 'none' }]);
    expect(server.received[0]).not.toHaveProperty('callback_url');
  });

  it.each([
    [0, 60],
    [3_600, 3_600],
    [604_800, 259_140],
  ])('may try for %i seconds, which is %i', async (validForSeconds, seconds) => {
    const { server, provider } = await started();
    const before = Date.now();
    await provider.send({ ...MESSAGE, validForSeconds }, CONTEXT);
    const expiresAt = Date.parse(server.received[0]?.expire_at ?? '');
    expect(expiresAt).toBeGreaterThanOrEqual(before + seconds * 1_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + seconds * 1_000);
  });

  it('answers with the id of the batch', async () => {
    const { server, provider } = await started();
    server.script.answerWith({ status: 200, body: '{"id":"01FC66621XXXXX119Z8PMV1QPQ"}' });
    expect(await outcome(provider)).toEqual({
      outcome: 'accepted',
      vendorMessageId: '01FC66621XXXXX119Z8PMV1QPQ',
    });
  });

  const refused = (reason: string, addressIsDead = false): object => ({
    outcome: 'refused',
    reason,
    addressIsDead,
  });
  const misconfigured = { name: 'ProviderMisconfigured', reason: 'provider_misconfigured' };
  const unavailable = { name: 'ProviderUnavailable', mayHaveBeenSent: false };
  const unknown = { name: 'ProviderUnavailable', mayHaveBeenSent: true };
  const ROWS: Readonly<Record<string, readonly [number, object]>> = {
    syntax_invalid_json: [400, refused('message_refused')],
    syntax_invalid_parameter_format: [400, refused('message_refused')],
    syntax_constraint_violation: [400, refused('message_refused')],
    illegal_number_type: [403, refused('number_unreachable', true)],
    missing_callback_url: [403, misconfigured],
    unknown_campaign: [403, misconfigured],
    blocked_account: [403, { name: 'ProviderMisconfigured', reason: 'no_credit' }],
  };

  it('has a test for every row of its table', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(SINCH_CODES));
  });

  it.each(Object.entries(ROWS))('code %s', async (code, [status, expected]) => {
    const { server, provider } = await started();
    server.script.answerWith(sinchError(status, code));
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: code });
  });

  const BARE = [
    [302, misconfigured],
    [400, refused('message_refused')],
    [401, misconfigured],
    [402, misconfigured],
    [403, misconfigured],
    [404, misconfigured],
    [408, unknown],
    [413, refused('message_too_large')],
    [429, { name: 'ProviderOverQuota', retryAfterMs: 1_000 }],
    [500, unavailable],
    [502, unavailable],
    [503, unavailable],
    [504, unknown],
  ] as const;
  it.each(BARE)('status %i without a code that is known', async (status, expected) => {
    const { server, provider } = await started();
    server.script.answerWith({ status, body: '' });
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
    server.script.answerWith(sinchError(status, 'constructor'));
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: 'constructor' });
    server.script.answerWith(sinchError(status, 'a sentence about +14155550100'));
    expect(await outcome(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
  });
});
