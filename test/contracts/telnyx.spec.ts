import { afterEach, describe, expect, it } from '@jest/globals';
import { TelnyxSettings } from '../../src/platform/config/sms-provider-settings.js';
import type { SendContext, SmsMessage, SmsProvider } from '../../src/providers/provider.js';
import { TELNYX_CODES } from '../../src/providers/telnyx/telnyx-errors.js';
import { telnyx } from '../../src/providers/telnyx/telnyx.provider.js';
import { playTelnyx, startTelnyxServer, telnyxError, type TelnyxServer } from '../support/telnyx-server.js';
import { networkContract, providerContract } from './provider.contract.js';
import {
  BARE_STATUSES,
  DEAD,
  MAY_HAVE_BEEN_SENT,
  MISCONFIGURED,
  outcomeOf,
  OUT_OF_CREDIT,
  overQuota,
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
  statusUrl: 'https://sms.example.com/callbacks/app123/sms/telnyx/status',
  validForSeconds: 3_600,
};
const CONTEXT: SendContext = {
  deliveryId: 'd-1',
  appId: 'app123',
  uid: 'uid-2',
  kind: 'sms',
  signal: new AbortController().signal,
};
const PROFILE = '4000eba1-a0c0-4563-9925-b25e842a7cb6';

function provide(server: TelnyxServer, over: Partial<TelnyxSettings> = {}): SmsProvider {
  const { apiKey, url: endpoint } = server;
  const from = over.messagingProfileId === undefined ? { from: '+15005550006' } : {};
  const settings = { id: 'telnyx', type: 'telnyx', apiKey, endpoint, ...from };
  return telnyx.create(Object.assign(new TelnyxSettings(), settings, over));
}

const under = {
  start: startTelnyxServer,
  provide: (server: TelnyxServer, { badCredentials, ca, ...rest }: ProvideOptions): SmsProvider =>
    provide(server, {
      ...rest,
      ...(ca === undefined ? {} : { ca }),
      ...(badCredentials ? { apiKey: 'wrong' } : {}),
    }),
  play: playTelnyx,
  message: MESSAGE,
  secrets: ['Andrew Joseph', 'telnyx-test-key'],
};
providerContract('telnyx over HTTP/1.1', smsRig(under, { http2: false }));
networkContract('telnyx over HTTP/1.1', smsRig(under, { http2: false }));
providerContract('telnyx over HTTP/2', smsRig(under, {}));
networkContract('telnyx over HTTP/2', smsRig(under, {}));

describe('Telnyx', () => {
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  const started = async (
    over: Partial<TelnyxSettings> = {},
  ): Promise<{ server: TelnyxServer; provider: SmsProvider }> => {
    const server = await startTelnyxServer({ tls: false });
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
      vendorMessageId: '40385f64-5717-4562-b3fc-000000000001',
    });
    expect(server.received).toEqual([
      {
        to: '+14155550100',
        from: '+15005550006',
        text: MESSAGE.text,
        type: 'SMS',
        webhook_url: MESSAGE.statusUrl,
      },
    ]);
  });

  it('is given the profile in place of a sender, and no address to report to', async () => {
    const { server, provider } = await started({ messagingProfileId: PROFILE });
    const { statusUrl: _, ...bare } = MESSAGE;
    expect(await send(provider, bare)).toMatchObject({ outcome: 'accepted' });
    expect(server.received).toEqual([
      { to: '+14155550100', messaging_profile_id: PROFILE, text: MESSAGE.text, type: 'SMS' },
    ]);
  });

  it('is given a name with the profile that it belongs to', async () => {
    const { server, provider } = await started({ messagingProfileId: PROFILE, from: 'Bellhop' });
    await send(provider);
    expect(server.received).toMatchObject([{ from: 'Bellhop', messaging_profile_id: PROFILE }]);
  });

  const ROWS: Readonly<Record<string, object>> = {
    '10001': DEAD,
    '10002': DEAD,
    '10003': MISCONFIGURED,
    '10004': MISCONFIGURED,
    '10005': MISCONFIGURED,
    '10006': MISCONFIGURED,
    '10007': UNAVAILABLE,
    '10008': MAY_HAVE_BEEN_SENT,
    '10009': MISCONFIGURED,
    '10010': MISCONFIGURED,
    '10011': overQuota(1_000),
    '10015': refused('message_refused'),
    '10016': DEAD,
    '20002': MISCONFIGURED,
    '20006': MISCONFIGURED,
    '20012': MISCONFIGURED,
    '20013': MISCONFIGURED,
    '20014': MISCONFIGURED,
    '20015': MISCONFIGURED,
    '20016': MISCONFIGURED,
    '20017': MISCONFIGURED,
    '20100': OUT_OF_CREDIT,
    '40001': DEAD,
    '40009': refused('message_refused'),
    '40010': MISCONFIGURED,
    '40011': overQuota(1_000),
    '40012': DEAD,
    '40013': MISCONFIGURED,
    '40100': MISCONFIGURED,
    '40300': refused('opted_out'),
    '40301': refused('number_unreachable'),
    '40302': refused('message_too_large'),
    '40304': refused('message_refused'),
    '40305': MISCONFIGURED,
    '40306': MISCONFIGURED,
    '40309': refused('country_not_allowed'),
    '40310': DEAD,
    '40311': MISCONFIGURED,
    '40312': MISCONFIGURED,
    '40313': MISCONFIGURED,
    '40314': MISCONFIGURED,
    '40315': MISCONFIGURED,
    '40316': refused('message_refused'),
    '40318': overQuota(60_000),
    '40319': refused('number_unreachable'),
    '40320': overQuota(60_000),
    '40321': MISCONFIGURED,
    '40322': refused('message_refused'),
    '40328': refused('message_too_large'),
    '40329': MISCONFIGURED,
  };
  it('has a test for every row of its table', () => {
    expect(Object.keys(ROWS)).toEqual(Object.keys(TELNYX_CODES));
  });
  it.each(Object.entries(ROWS))('code %s', async (code, expected) => {
    const { server, provider } = await started();
    server.answerWith(telnyxError(422, code));
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: code });
  });

  it.each(['/from', '/messaging_profile_id'])(
    'says of our own %s what it says of a number',
    async (pointer) => {
      const { server, provider } = await started();
      server.answerWith(telnyxError(422, '10002', { pointer }));
      expect(await send(provider)).toMatchObject({ ...MISCONFIGURED, vendorCode: '10002' });
      server.answerWith(telnyxError(422, '10002', { pointer: '/to' }));
      expect(await send(provider)).toMatchObject(DEAD);
    },
  );

  it.each(BARE_STATUSES)('status %i without a code that is known', async (status, expected) => {
    const { server, provider } = await started();
    server.answerWith({ status, body: '<html>no JSON</html>' });
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: String(status) });
    server.answerWith(telnyxError(status, '99999'));
    expect(await send(provider)).toMatchObject({ ...expected, vendorCode: '99999' });
  });

  it.each([
    ['no message', '{}'],
    ['no id', '{"data":{"record_type":"message"}}'],
    ['an id that is none', '{"data":{"id":17}}'],
  ])('may have sent it where it says yes with %s', async (_, body) => {
    const { server, provider } = await started();
    server.answerWith({ status: 200, body });
    expect(await send(provider)).toMatchObject({ ...MAY_HAVE_BEEN_SENT, vendorCode: 'invalid_answer' });
  });
});
