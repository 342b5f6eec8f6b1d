import { describe, expect, it } from '@jest/globals';
import { SinchSettings } from '../../src/providers/sinch/sinch-settings.js';
import { SINCH_CODES } from '../../src/providers/sinch/sinch-errors.js';
import { sinch } from '../../src/providers/sinch/sinch.provider.js';
import { sinchAnswer, sinchError, startSinchServer } from '../support/sinch-server.js';
import {
  BARE_STATUSES,
  CONTEXT,
  DEAD,
  MISCONFIGURED,
  OUT_OF_CREDIT,
  proxyPage,
  refused,
  smsVendor,
} from './sms-vendor.fixture.js';

const { keepsContracts, start, message, mapsEach } = smsVendor({
  factory: sinch,
  Settings: SinchSettings,
  startServer: startSinchServer,
  play: sinchAnswer,
  account: ({ servicePlanId, apiToken }) => ({ servicePlanId, apiToken, from: 'Bellhop' }),
  badCredentials: { apiToken: 'wrong' },
  secret: ({ apiToken }) => apiToken,
});
keepsContracts();

describe('the Sinch provider', () => {
  it('sends every field of an SMS, as a batch of one', async () => {
    const { received, send } = await start();
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(received).toEqual([
      {
        type: 'mt_text',
        from: 'Bellhop',
        to: ['+14155550100'],
        body: message.text,
        delivery_report: 'per_recipient',
        callback_url: message.statusUrl,
        client_reference: message.reference,
        expire_at: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
      },
    ]);
  });

  it('sends each placeholder of the text as its own value', async () => {
    const { received, send } = await start();
    const text = 'Costs ${price} or ${a.b-c_1}, ${price}; not ${too long to be one of its keys}, ${} or $5';
    await send({ text });
    expect(received).toMatchObject([{ body: text }]);
    expect(received[0]?.parameters).toEqual({
      price: { default: '${price}' },
      'a.b-c_1': { default: '${a.b-c_1}' },
    });
  });

  it('requests no delivery report without a callback URL', async () => {
    const { received, send } = await start();
    expect(await send({ statusUrl: undefined })).toMatchObject({ outcome: 'accepted' });
    expect(received).toMatchObject([{ delivery_report: 'none' }]);
    expect(received[0]).not.toHaveProperty('callback_url');
  });

  it.each([
    [0, 60],
    [3_600, 3_600],
    [604_800, 259_140],
  ])('limits a lifetime of %i seconds to what Sinch allows: %i', async (validForSeconds, seconds) => {
    const { received, send } = await start();
    const before = Date.now();
    await send({ validForSeconds });
    const expiresAt = Date.parse(received[0]?.expire_at ?? '');
    expect(expiresAt).toBeGreaterThanOrEqual(before + seconds * 1_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + seconds * 1_000);
  });

  it('takes the id of the batch as the message id', async () => {
    const { answerWith, send } = await start();
    answerWith({ status: 200, body: '{"id":"01FC66621XXXXX119Z8PMV1QPQ"}' });
    expect(await send()).toMatchObject({
      outcome: 'accepted',
      vendorMessageId: '01FC66621XXXXX119Z8PMV1QPQ',
    });
  });

  const ROWS: Readonly<Record<string, object>> = {
    syntax_invalid_json: refused('message_refused'),
    syntax_invalid_parameter_format: refused('message_refused'),
    syntax_constraint_violation: refused('message_refused'),
    illegal_number_type: DEAD,
    missing_callback_url: MISCONFIGURED,
    unknown_campaign: MISCONFIGURED,
    blocked_account: OUT_OF_CREDIT,
  };

  it('lists the outcome of every error code', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(SINCH_CODES));
  });

  mapsEach('error code %s', Object.entries(ROWS), (code) => [
    [sinchError(code.startsWith('syntax_') ? 400 : 403, code), code],
  ]);

  mapsEach(
    'HTTP status %s without a known error code',
    [...BARE_STATUSES, [402, MISCONFIGURED], [422, MISCONFIGURED]],
    (status) => [
      [{ status, body: '' }, String(status)],
      [sinchError(status, 'constructor'), 'constructor'],
      [sinchError(status, 'a sentence about +14155550100'), String(status)],
    ],
  );
});

describe('a check of the Sinch provider', () => {
  it('performs a dry run and sends nothing', async () => {
    const { server, provider, received } = await start();
    expect(await provider.check(CONTEXT.signal)).toEqual({
      outcome: 'ok',
      code: null,
      text: 'The service plan is active.',
      clockSkewMs: expect.any(Number),
    });
    expect(server.dryRuns).toMatchObject([{ from: 'Bellhop', to: ['+12025550100'] }]);
    expect(received).toEqual([]);
    expect(server.script.asked).toBe(0);
  });

  it.each([
    ['API token', { apiToken: 'wrong' }, '401'],
    ['service plan', { servicePlanId: 'another' }, '404'],
  ] as const)('fails with a wrong %s', async (_, over, code) => {
    const { server, provider } = await start(over);
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome: 'failed', code });
    expect(server.dryRuns).toEqual([]);
  });

  it.each([
    ['a blocked account', sinchError(403, 'blocked_account'), 'failed', 'blocked_account'],
    ['a sender without campaign', sinchError(403, 'unknown_campaign'), 'failed', 'unknown_campaign'],
    ['a refusal of the recipient', sinchError(403, 'illegal_number_type'), 'ok', null],
    ['a refusal of the SMS', sinchError(400, 'syntax_invalid_json'), 'unknown', 'syntax_invalid_json'],
    ['a fault of Sinch', { status: 503 }, 'unknown', '503'],
    ['too many requests', { status: 429 }, 'unknown', '429'],
    ['a proxy page', proxyPage(200), 'unknown', 'invalid_answer'],
  ] as const)('finds %s', async (_, answer, outcome, code) => {
    const { server, provider } = await start();
    server.account.dryRun = answer;
    expect(await provider.check(CONTEXT.signal)).toMatchObject({ outcome, code });
  });
});
