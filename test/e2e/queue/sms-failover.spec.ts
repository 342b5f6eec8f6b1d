import { beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { SmsLedger } from '../../../src/deliveries/sms-ledger.js';
import { prismaOn } from '../../support/database.js';
import type { NotificationJson } from '../../support/gateway.js';
import { playPlivo, plivoError } from '../../support/plivo-server.js';
import { twilioAnswer, twilioError } from '../../support/twilio-server.js';
import { until } from '../../support/until.js';
import { attemptsOf, endOf, hasTwoSent, startSmsFailover } from './sms-failover.fixture.js';

const failover = startSmsFailover();
const { acceptedBy, notification, numberOf, report, send } = failover;

describe('an SMS', () => {
  it('goes to one vendor if the first accepts it', async () => {
    const record = await send('plain');
    expect(attemptsOf(record)).toEqual(['plivo accepted']);
    expect(record.deliveries[0]?.sms).toMatchObject({ encoding: 'gsm7', segments: 1, country: 'US' });
    expect(acceptedBy(0)).toHaveLength(1);
  });

  it.each([
    ['is unavailable', () => playPlivo('fault'), 'unavailable'],
    ['refuses the credentials', () => ({ status: 401, body: '' }), 'misconfigured'],
    ['is out of credit', () => plivoError(402, 'insufficient credit'), 'misconfigured'],
  ])('fails over at once if the first vendor %s', async (_, answer, outcome) => {
    failover.plivo.answerWith(answer(), 1);
    const record = await send('plain');
    expect(attemptsOf(record)).toEqual([`plivo ${outcome}`, 'twilio accepted']);
    expect(endOf(record)).toEqual(['twilio sent']);
    expect(acceptedBy(0)).toHaveLength(1);
  });

  it('does not fail over if the vendor refuses the number', async () => {
    failover.plivo.answerWith(playPlivo('refuse_address'), 1);
    const record = await send('plain');
    expect(attemptsOf(record)).toEqual(['plivo refused']);
    expect(endOf(record)).toEqual(['plivo failed: number_unreachable']);
    expect(failover.twilio.received).toEqual([]);
  });

  it('fails over at once if the first vendor is over quota', async () => {
    failover.plivo.answerWith(playPlivo('over_quota_told', '60'), 1);
    expect(attemptsOf(await send('over-quota'))).toEqual(['plivo over_quota', 'twilio accepted']);
    // The vendor stays rate-limited for other SMS.
    expect(attemptsOf(await send('over-quota'))).toEqual(['twilio accepted']);
    expect(failover.plivo.received).toEqual([]);
  });

  it('waits for a vendor over quota if onOverQuota is wait', async () => {
    failover.plivo.answerWith(playPlivo('over_quota_told', '1'), 1);
    const record = await send('over-quota-waits');
    expect(attemptsOf(record)).toEqual(['plivo over_quota', 'plivo accepted']);
    expect(failover.twilio.received).toEqual([]);
  });

  it('fails once every vendor has failed permanently', async () => {
    // Refused credentials that have worked are retried once; a sender of another account stays wrong.
    failover.plivo.answerWith({ status: 401, body: '' }, 1);
    failover.twilio.answerWith(twilioError(400, 21606), 2);
    const record = await send('plain');
    expect(attemptsOf(record)).toEqual(['plivo misconfigured', 'twilio misconfigured']);
    expect(endOf(record)).toEqual(['twilio failed: provider_misconfigured']);
  });

  it('returns to the first vendor if all are unavailable', async () => {
    failover.plivo.answerWith(playPlivo('fault'), 1);
    failover.twilio.answerWith(twilioAnswer('fault'), 1);
    const record = await send('plain');
    expect(attemptsOf(record)).toEqual(['plivo unavailable', 'twilio unavailable', 'plivo accepted']);
    expect(acceptedBy(0)).toHaveLength(1);
  });
});

describe('an SMS whose vendor does not answer', () => {
  const LISTED = 'SM00000000000000000000000000000099';
  interface Result {
    readonly record: NotificationJson;
    readonly vendors: readonly string[];
  }
  let plain: Result;
  let doubled: Result;
  let found: Result;
  let notFound: Result;
  // A vendor is queried for an SMS five seconds after a timeout: all cases wait concurrently.
  beforeAll(async () => {
    const { plivo, twilio } = failover;
    plivo.answerWith('hang', 2);
    twilio.answerWith(undefined);
    const [first, second] = await Promise.all([send('plain'), send('accepts-doubles')]);
    plain = { record: first, vendors: acceptedBy(1) };
    doubled = { record: second, vendors: acceptedBy(0) };
    const listed = numberOf(-1);
    twilio.answerWith((message) => {
      if (message.to === listed) twilio.listed.push({ sid: LISTED, text: message, createdAt: new Date() });
      return 'hang';
    }, 2);
    const [third, fourth] = await Promise.all([send('with-lookup'), send('with-lookup')]);
    found = { record: third, vendors: acceptedBy(1) };
    notFound = { record: fourth, vendors: acceptedBy(0) };
  });

  it('fails with outcome_unknown by default', () => {
    expect(attemptsOf(plain.record)).toEqual(['plivo unknown']);
    expect(endOf(plain.record)).toEqual(['plivo failed: outcome_unknown']);
    expect(plain.vendors).toEqual([]);
  });

  it('fails over as a possible double if acceptPossibleDouble is set', () => {
    expect(attemptsOf(doubled.record)).toEqual(['plivo unknown', 'twilio accepted double?']);
    expect(endOf(doubled.record)).toEqual(['twilio sent']);
    expect(doubled.vendors).toEqual(['twilio']);
  });

  it('is not sent again if the vendor’s lookup finds it', () => {
    const { record, vendors } = found;
    expect(attemptsOf(record)).toEqual(['twilio accepted']);
    expect(record.deliveries[0]?.attempts[0]?.vendorMessageId).toBe(LISTED);
    expect(endOf(record)).toEqual(['twilio sent']);
    expect(vendors).toEqual([]);
  });

  it('fails over if the vendor’s lookup does not find it', () => {
    const { record, vendors } = notFound;
    expect(attemptsOf(record)).toEqual(['twilio unavailable', 'plivo accepted']);
    expect(record.deliveries[0]?.attempts[0]?.vendorCode).toBe('not_found');
    expect(vendors).toEqual(['plivo']);
  });
});

describe('the delivery report of an SMS', () => {
  it('causes a second SMS, marked as a possible double, if it is missing at the timeout', async () => {
    const record = await send('report-timeout', hasTwoSent);
    expect(attemptsOf(record).toSorted()).toEqual(['plivo accepted', 'twilio accepted double?']);
    expect(failover.plivo.received).toHaveLength(1);
    expect(failover.twilio.received).toHaveLength(1);
  });

  it('is not awaited from a vendor that has never reported', async () => {
    const record = await send('never-reported');
    await until(() =>
      failover.logged.some((line) => line.includes('sms.report_not_expected') && line.includes(record.id)),
    );
    expect(endOf(await notification('never-reported', record.id))).toEqual(['sandbox sent']);
    expect(acceptedBy(0)).toEqual([]);
  });

  it('prevents a second SMS if it says accepted', async () => {
    const reported = await send('reported-before');
    await report('reported-before', reported, 'accepted');
    const unreported = await send('reported-before', hasTwoSent);
    expect(endOf(unreported)[0]).toBe('sandbox sent');
    expect(endOf(await notification('reported-before', reported.id))).toEqual(['sandbox sent']);
  });

  it('causes one failover if it says failed, even if it is repeated', async () => {
    const record = await send('reporting');
    await Promise.all([1, 2, 3].map(() => report('reporting', record, 'failed', '30008')));
    const after = await notification(
      'reporting',
      record.id,
      ({ status, deliveries }) => status === 'sent' && deliveries.length === 2,
    );
    expect(attemptsOf(after)).toEqual(['sandbox accepted', 'plivo accepted']);
    expect(endOf(after)).toEqual(['sandbox failed: undelivered', 'plivo sent']);
    expect(after.status).toBe('sent');
  });

  it('causes a failover by another process if the process that recorded it ends', async () => {
    const record = await send('reporting');
    const sql = new pg.Pool({ connectionString: failover.gateway.databaseUrl, max: 1 });
    const ledger = new SmsLedger(sql, prismaOn(sql));
    const reference = `${record.deliveries[0]?.id}-1`;
    const failed = { vendorMessageId: 'x', reference, status: 'failed', reason: null } as const;
    await ledger.applyReports('reporting', 'sandbox', [{ ...failed, vendorCode: null, at: null }]);
    await sql.end();
    const after = await notification('reporting', record.id, ({ status }) => status === 'sent');
    expect(endOf(after)).toEqual(['sandbox failed: undelivered', 'plivo sent']);
  });

  it('causes no failover if the number is unreachable or opted out', async () => {
    const [unreachable, optedOut] = [await send('reporting'), await send('reporting')];
    await report('reporting', unreachable, 'failed', 'number_unreachable');
    await report('reporting', optedOut, 'failed', 'opted_out');
    const ends = await Promise.all([unreachable, optedOut].map(({ id }) => notification('reporting', id)));
    expect(ends.map(endOf)).toEqual([['sandbox failed: number_unreachable'], ['sandbox failed: opted_out']]);
    // This failover happens after theirs would have.
    await report('reporting', await send('reporting'), 'failed', '30008');
    await until(() => acceptedBy(0).length === 1);
    expect([acceptedBy(2), acceptedBy(1)]).toEqual([[], []]);
  });
});

describe('an SMS that waits for a retry', () => {
  it('is skipped if its recipient has opted out meanwhile', async () => {
    const { plivo } = failover;
    const requestsBefore = plivo.vendor.requests;
    plivo.answerWith(playPlivo('fault'));
    const waiting = send('opting-out');
    await until(() => plivo.vendor.requests > requestsBefore);
    await failover.callback('opting-out', 'inbound', { from: numberOf(0), text: 'Stop' });
    // The vendor keeps failing, so that an attempt in flight during the STOP cannot succeed.
    const record = await waiting;
    plivo.answerWith(undefined);
    expect(endOf(record)).toEqual(['plivo skipped: opted_out']);
  });
});

describe('an app with dryRun', () => {
  it('records the SMS, its vendor and its cost without sending it', async () => {
    const record = await send('dry-run');
    expect(endOf(record)).toEqual(['plivo skipped: dry_run']);
    expect(attemptsOf(record)).toEqual([]);
    expect(record.deliveries[0]).toMatchObject({
      sms: { segments: 1, country: 'US', cost: { amount: '0.0079', currency: 'USD' } },
      wouldSend: { text: expect.stringMatching(/^You've received new messages/) },
    });
    expect(acceptedBy(0)).toEqual([]);
  });
});
