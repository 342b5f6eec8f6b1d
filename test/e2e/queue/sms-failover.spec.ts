import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Ledger } from '../../../src/deliveries/ledger.js';
import { DEMO } from '../../../src/platform/config/demo-config.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { prismaOn } from '../../support/database.js';
import { startTestGateway, type NotificationJson, type TestGateway } from '../../support/gateway.js';
import { sms } from '../../support/payloads.js';
import { playPlivo, plivoError, startPlivoServer, type PlivoServer } from '../../support/plivo-server.js';
import {
  startTwilioServer,
  twilioAnswer,
  twilioError,
  type TwilioServer,
} from '../../support/twilio-server.js';
import { until } from '../../support/until.js';

/** Of a sandbox, so that a test can hand in what people write. */
const SECRET = 'the-secret-of-the-desk';

let plivo: PlivoServer;
let twilio: TwilioServer;
let gateway: TestGateway;
/** Requests that Plivo had seen before the test. */
let askedBefore = 0;

/** Plivo goes first: it cannot be asked for a message. Twilio can. */
function apps(): object[] {
  const providers = [
    {
      id: 'plivo',
      type: 'plivo',
      authId: plivo.authId,
      authToken: plivo.authToken,
      from: '15005550006',
      endpoint: plivo.url,
      requestTimeoutMs: 500,
    },
    {
      id: 'twilio',
      type: 'twilio',
      accountSid: twilio.accountSid,
      authToken: twilio.authToken,
      from: '+15005550006',
      endpoint: twilio.url,
      requestTimeoutMs: 500,
    },
  ];
  const app = (appId: string, settings: object, more: object = {}): object => ({
    appId,
    region: 'us',
    webhook: { basicAuth: [DEMO.webhook] },
    clients: { apiKeys: [`key-of-${appId}`] },
    sms: { defaultCountry: 'US', providers, ...settings },
    ...more,
  });
  return [
    app('plain', {}),
    app('crowded', {}),
    app('patient', { routes: [{ use: ['plivo', 'twilio'], onOverQuota: 'wait' }] }),
    app('doubling', { acceptPossibleDouble: true }),
    app('asking', { routes: [{ use: ['twilio', 'plivo'] }] }),
    app('stopping', {
      providers: [...providers, { id: 'desk', type: 'sandbox', callbackSecret: SECRET }],
      routes: [{ use: ['plivo'] }],
    }),
    app('impatient', { receiptTimeoutSeconds: 1 }),
    app('rehearsing', {
      providers: [{ id: 'desk', type: 'sandbox', callbackSecret: SECRET }, ...providers],
      receiptTimeoutSeconds: 1,
    }),
    app('reporting', {
      providers: [{ id: 'desk', type: 'sandbox', callbackSecret: SECRET }, ...providers],
      receiptTimeoutSeconds: 2,
    }),
    app('reported', {
      providers: [{ id: 'desk', type: 'sandbox', callbackSecret: SECRET }, ...providers],
    }),
    app('dry', { guard: { prices: [{ countries: ['US'], perSegment: 0.0079 }] } }, { dryRun: true }),
  ];
}

beforeAll(async () => {
  plivo = await startPlivoServer({ tls: false });
  twilio = await startTwilioServer({ tls: false });
  gateway = await startTestGateway({
    config: { apps: apps() },
    // The vendors are told where to report.
    settings: { publicUrl: 'https://sms.example.com' },
    log: (line) => logged.push(line),
  });
});
afterAll(async () => {
  await gateway.close();
  await plivo.close();
  await twilio.close();
});
beforeEach(() => {
  plivo.answerWith(undefined);
  twilio.answerWith(undefined);
  plivo.received.length = 0;
  twilio.received.length = 0;
  askedBefore = plivo.vendor.requests;
});

const logged: string[] = [];
let count = 0;
const numberOf = (user: number): string => `+1415555${2_000 + user}`;

/** Sends a text to a person of their own. @returns what the ledger has of it as soon as `holds` is true of it. */
async function text(appId: string, holds?: (record: NotificationJson) => boolean): Promise<NotificationJson> {
  const uid = `person-${(count += 1)}`;
  const body = { ...sms(numberOf(count), uid), appId };
  const answer = await gateway.webhook('sms', body);
  expect(answer.statusCode).toBe(200);
  const { notificationId } = answer.json<{ notificationId: string }>();
  return gateway.notification(notificationId, holds, `key-of-${appId}`);
}

/** Provider and outcome of each attempt, those that may be doubles with a mark. */
const attemptsOf = ({ deliveries }: NotificationJson): string[] =>
  deliveries.flatMap(({ attempts }) =>
    attempts.map(
      ({ provider, outcome, possibleDouble }) => `${provider} ${outcome}${possibleDouble ? ' double?' : ''}`,
    ),
  );
const endOf = ({ deliveries }: NotificationJson): string[] =>
  deliveries.map(
    ({ provider, status, reason }) => `${provider} ${status}${reason === null ? '' : `: ${reason}`}`,
  );
/** The vendors that have taken a text to this person. */
const takers = (user: number): string[] => {
  const number = numberOf(user);
  return [
    ...plivo.received.filter(({ dst }) => `+${String(dst)}` === number).map(() => 'plivo'),
    ...twilio.received.filter(({ to }) => to === number).map(() => 'twilio'),
  ];
};

describe('a text whose first vendor', () => {
  it('takes it goes no further', async () => {
    const record = await text('plain');
    expect(attemptsOf(record)).toEqual(['plivo accepted']);
    expect(record.deliveries[0]?.sms).toMatchObject({ encoding: 'gsm7', segments: 1, country: 'US' });
    expect(takers(count)).toHaveLength(1);
  });

  it.each([
    ['has a fault', () => playPlivo('fault'), 'unavailable'],
    ['does not know us', () => ({ status: 401, body: '' }), 'misconfigured'],
    ['is out of credit', () => plivoError(402, 'insufficient credit'), 'misconfigured'],
  ])('%s is given to the next one at once', async (_what, answer, outcome) => {
    plivo.answerWith(answer(), 1);
    const record = await text('plain');
    expect(attemptsOf(record)).toEqual([`plivo ${outcome}`, 'twilio accepted']);
    expect(endOf(record)).toEqual(['twilio sent']);
    expect(takers(count)).toHaveLength(1);
  });

  it('refuses the number is given to nobody else', async () => {
    plivo.answerWith(playPlivo('refuse_address'), 1);
    const record = await text('plain');
    expect(attemptsOf(record)).toEqual(['plivo refused']);
    expect(endOf(record)).toEqual(['plivo failed: number_unreachable']);
    expect(twilio.received).toEqual([]);
  });

  it('is over quota is given to the next one at once', async () => {
    plivo.answerWith(playPlivo('over_quota_told', '60'), 1);
    expect(attemptsOf(await text('crowded'))).toEqual(['plivo over_quota', 'twilio accepted']);
    // Nor is anybody else's text given to it while it has no capacity for us.
    expect(attemptsOf(await text('crowded'))).toEqual(['twilio accepted']);
    expect(plivo.received).toEqual([]);
  });

  it('is over quota waits for it where that is wanted', async () => {
    plivo.answerWith(playPlivo('over_quota_told', '1'), 1);
    const record = await text('patient');
    expect(attemptsOf(record)).toEqual(['plivo over_quota', 'plivo accepted']);
    expect(twilio.received).toEqual([]);
  });

  it('has failed for good ends when the last one has, too', async () => {
    // Refused credentials that have worked are tried again first; a sender that is not the account's stays wrong.
    plivo.answerWith({ status: 401, body: '' }, 1);
    twilio.answerWith(twilioError(400, 21606), 2);
    const record = await text('plain');
    expect(attemptsOf(record)).toEqual(['plivo misconfigured', 'twilio misconfigured']);
    expect(endOf(record)).toEqual(['twilio failed: provider_misconfigured']);
  });

  it('comes back while all fail gets it in the next round', async () => {
    plivo.answerWith(playPlivo('fault'), 1);
    twilio.answerWith(twilioAnswer('fault'), 1);
    const record = await text('plain');
    expect(attemptsOf(record)).toEqual(['plivo unavailable', 'twilio unavailable', 'plivo accepted']);
    expect(takers(count)).toHaveLength(1);
  });
});

describe('a text whose vendor gives no answer', () => {
  const LISTED = 'SM00000000000000000000000000000099';
  interface Silence {
    readonly record: NotificationJson;
    /** Whoever has taken the text for good. */
    readonly takenBy: readonly string[];
  }
  let plain: Silence;
  let doubling: Silence;
  let known: Silence;
  let unknown: Silence;
  // A vendor is asked for a text five seconds after it gave no answer: all of them wait at once.
  beforeAll(async () => {
    plivo.answerWith('hang', 2);
    twilio.answerWith(undefined);
    const [first, second] = await Promise.all([text('plain'), text('doubling')]);
    plain = { record: first, takenBy: takers(count - 1) };
    doubling = { record: second, takenBy: takers(count) };
    const listed = numberOf(count + 1);
    twilio.answerWith((taken) => {
      if (taken.to === listed) twilio.listed.push({ sid: LISTED, text: taken, createdAt: new Date() });
      return 'hang';
    }, 2);
    const [third, fourth] = await Promise.all([text('asking'), text('asking')]);
    known = { record: third, takenBy: takers(count - 1) };
    unknown = { record: fourth, takenBy: takers(count) };
  });

  it('is left at that by default, and texted to nobody twice', () => {
    expect(attemptsOf(plain.record)).toEqual(['plivo unknown']);
    expect(endOf(plain.record)).toEqual(['plivo failed: outcome_unknown']);
    expect(plain.takenBy).toEqual([]);
  });

  it('is given to the next one, with a mark, where doubles are accepted', () => {
    expect(attemptsOf(doubling.record)).toEqual(['plivo unknown', 'twilio accepted double?']);
    expect(endOf(doubling.record)).toEqual(['twilio sent']);
    expect(doubling.takenBy).toEqual(['twilio']);
  });

  it('is not sent again where the vendor has it after all', () => {
    const { record, takenBy } = known;
    expect(attemptsOf(record)).toEqual(['twilio accepted']);
    expect(record.deliveries[0]?.attempts[0]?.vendorMessageId).toBe(LISTED);
    expect(endOf(record)).toEqual(['twilio sent']);
    expect(takenBy).toEqual([]);
  });

  it('is sent again, without a mark, where the vendor knows nothing of it', () => {
    const { record, takenBy } = unknown;
    expect(attemptsOf(record)).toEqual(['twilio unavailable', 'plivo accepted']);
    expect(record.deliveries[0]?.attempts[0]?.vendorCode).toBe('not_found');
    expect(takenBy).toEqual(['plivo']);
  });
});

describe('a text of which nothing is heard', () => {
  it('is given to the next vendor as well, with a mark, where that is wanted', async () => {
    const record = await text(
      'impatient',
      ({ deliveries }) => deliveries.length === 2 && deliveries.every(({ status }) => status === 'sent'),
    );
    expect(attemptsOf(record).toSorted()).toEqual(['plivo accepted', 'twilio accepted double?']);
    expect(plivo.received).toHaveLength(1);
    expect(twilio.received).toHaveLength(1);
  });
});

/** Plays the vendor of the desk. */
async function report(appId: string, record: NotificationJson, status: string, code?: string): Promise<void> {
  const { statusCode } = await gateway.request({
    method: 'POST',
    url: `/callbacks/${appId}/sms/desk/status?secret=${SECRET}`,
    payload: { reference: `${record.deliveries[0]?.id}-1`, status, code },
  });
  expect(statusCode).toBe(200);
}

describe('a text whose vendor', () => {
  it('has never reported is not given to the next one for a silence', async () => {
    const record = await text('rehearsing');
    await until(() =>
      logged.some((line) => line.includes('sms.report_not_expected') && line.includes(record.id)),
    );
    expect(endOf(await gateway.notification(record.id, undefined, 'key-of-rehearsing'))).toEqual([
      'desk sent',
    ]);
    expect(takers(count)).toEqual([]);
  });

  it('has reported that it has it is not given to the next one either', async () => {
    const heard = await text('reporting');
    await report('reporting', heard, 'accepted');
    const silent = await text(
      'reporting',
      ({ deliveries }) => deliveries.length === 2 && deliveries.every(({ status }) => status === 'sent'),
    );
    expect(endOf(silent)[0]).toBe('desk sent');
    expect(endOf(await gateway.notification(heard.id, undefined, 'key-of-reporting'))).toEqual(['desk sent']);
  });

  it('reports that it failed is given to the next one once, without a mark', async () => {
    const record = await text('reported');
    await Promise.all([1, 2, 3].map(() => report('reported', record, 'failed', '30008')));
    const after = await gateway.notification(
      record.id,
      ({ status, deliveries }) => status === 'sent' && deliveries.length === 2,
      'key-of-reported',
    );
    expect(attemptsOf(after)).toEqual(['desk accepted', 'plivo accepted']);
    expect(endOf(after)).toEqual(['desk failed: undelivered', 'plivo sent']);
    expect(after.status).toBe('sent');
  });

  it('reports that to a process that ends right then is given to the next one by another', async () => {
    const record = await text('reported');
    const sql = new pg.Pool({ connectionString: gateway.databaseUrl, max: 1 });
    const ledger = new Ledger(sql, prismaOn(sql), Object.assign(new GatewayConfig(), { apps: [] }));
    const reference = `${record.deliveries[0]?.id}-1`;
    const failed = { vendorMessageId: 'x', reference, status: 'failed', reason: null } as const;
    await ledger.applyReports('reported', 'desk', [{ ...failed, vendorCode: null, at: null }]);
    await sql.end();
    const holds = ({ status }: NotificationJson): boolean => status === 'sent';
    const after = await gateway.notification(record.id, holds, 'key-of-reported');
    expect(endOf(after)).toEqual(['desk failed: undelivered', 'plivo sent']);
  });

  it('reports that the number is none, or wants no texts, is given to nobody else', async () => {
    const [gone, out] = [await text('reported'), await text('reported')];
    await report('reported', gone, 'failed', 'number_unreachable');
    await report('reported', out, 'failed', 'opted_out');
    const ends = await Promise.all(
      [gone, out].map(({ id }) => gateway.notification(id, undefined, 'key-of-reported')),
    );
    expect(ends.map(endOf)).toEqual([['desk failed: number_unreachable'], ['desk failed: opted_out']]);
    // What is given on now comes after what would have been.
    await report('reported', await text('reported'), 'failed', '30008');
    await until(() => takers(count).length === 1);
    expect([takers(count - 2), takers(count - 1)]).toEqual([[], []]);
  });
});

describe('a text that waits for its vendor', () => {
  it('is not sent any more when its person has said STOP meanwhile', async () => {
    plivo.answerWith(playPlivo('fault'));
    const waiting = text('stopping');
    // It has failed once and is about to be tried again.
    await until(() => plivo.vendor.requests > askedBefore);
    const answer = await gateway.request({
      method: 'POST',
      url: `/callbacks/stopping/sms/desk/inbound?secret=${SECRET}`,
      payload: { from: numberOf(count), text: 'Stop' },
    });
    expect(answer.statusCode).toBe(200);
    // The vendor goes on failing: an attempt that was under way when the STOP came is none that came after it.
    const record = await waiting;
    plivo.answerWith(undefined);
    expect(endOf(record)).toEqual(['plivo skipped: opted_out']);
  });
});

describe('an app that runs dry', () => {
  it('says what it would have sent, by whom and at what cost, and sends nothing', async () => {
    const record = await text('dry');
    expect(endOf(record)).toEqual(['plivo skipped: dry_run']);
    expect(attemptsOf(record)).toEqual([]);
    expect(record.deliveries[0]).toMatchObject({
      sms: { segments: 1, country: 'US', cost: { amount: '0.0079', currency: 'USD' } },
      wouldSend: { text: expect.stringMatching(/^You've received new messages/) },
    });
    expect(takers(count)).toEqual([]);
  });
});
