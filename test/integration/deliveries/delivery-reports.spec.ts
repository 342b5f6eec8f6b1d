import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '../../support/database.js';
import { startDatabase } from '../../support/database.js';
import { until } from '../../support/until.js';
import { Ledger } from '../../../src/deliveries/ledger.js';
import { SmsLedger } from '../../../src/deliveries/sms-ledger.js';
import type { AttemptResult, Claim } from '../../../src/deliveries/records.js';
import type { ClaimedDelivery } from '../../../src/domain/delivery.js';
import type { DeliveryReport } from '../../../src/domain/delivery-report.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { newId, successorIdOf } from '../../../src/platform/ids/new-id.js';

let database: TestDatabase;
let ledger: Ledger;
let smsLedger: SmsLedger;
/** The ledgers of another process. */
let otherLedger: Ledger;
let other: SmsLedger;
beforeAll(async () => {
  database = await startDatabase();
  const config = Object.assign(new GatewayConfig(), { apps: [] });
  ledger = new Ledger(database.sql, database.prisma, config);
  smsLedger = new SmsLedger(database.sql, database.prisma);
  other = new SmsLedger(database.sql, database.prisma);
  otherLedger = new Ledger(database.sql, database.prisma, config);
});
afterAll(() => database.close());

describe('a delivery report', () => {
  it('updates the attempt, the delivery and the notification', async () => {
    const delivery = await sent();
    const at = new Date('2026-01-02T03:04:05.678Z');
    expect(await apply(delivery, { vendorCode: '000', at })).toEqual([
      {
        notificationId: delivery.notificationId,
        deliveryId: delivery.id,
        attempt: 1,
        report: report(delivery, { vendorCode: '000', at }),
        phno: PHNO,
        sentAt: expect.any(Date),
        status: 'delivered',
        changed: true,
      },
    ]);
    expect(await stateOf(delivery)).toEqual({
      notification: 'delivered',
      isSettled: true,
      delivery: ['delivered', null],
      attempts: [['accepted', 'delivered']],
    });
    const row = await database.prisma.attempt.findFirstOrThrow({ where: { deliveryId: delivery.id } });
    expect(row).toMatchObject({ receiptCode: '000', receiptAt: at });
  });

  describe('for one part of a long SMS', () => {
    const inParts = async (linked = true): Promise<{ delivery: ClaimedDelivery; partIds: string[] }> => {
      const delivery = await claimed();
      const partIds = [1, 2, 3].map((part) => `m-${delivery.id}-${part}`);
      if (linked) await linkParts(delivery, partIds);
      return { delivery, partIds };
    };
    const linkParts = async (delivery: ClaimedDelivery, partIds: readonly string[]): Promise<void> => {
      const { id: deliveryId, attempt } = delivery;
      const vendorMessageId = partIds[0] ?? '';
      await smsLedger.linkMessage({
        appId: APP,
        provider: 'main',
        vendorMessageId,
        partIds,
        deliveryId,
        attempt,
      });
      await ledger.record(result(delivery, { vendorMessageId }));
    };
    const failed = { status: 'failed', reason: 'undelivered', vendorCode: 'UNDELIV:27' } as const;

    it('marks the SMS delivered with the report on its last part', async () => {
      const { delivery, partIds } = await inParts();
      for (const vendorMessageId of partIds.toReversed()) {
        expect(await stateOf(delivery)).toMatchObject({ delivery: ['sent', null] });
        await apply(delivery, { vendorMessageId });
      }
      expect(await stateOf(delivery)).toMatchObject({
        delivery: ['delivered', null],
        attempts: [['accepted', 'delivered']],
      });
    });

    it('marks the SMS delivered when the last two reports arrive in two processes at once', async () => {
      for (let round = 0; round < 10; round += 1) {
        const { delivery, partIds } = await inParts();
        const [first, second, third] = partIds;
        await apply(delivery, { vendorMessageId: first ?? '' });
        await Promise.all([
          apply(delivery, { vendorMessageId: second ?? '' }),
          apply(delivery, { vendorMessageId: third ?? '' }, other),
        ]);
        expect(await stateOf(delivery)).toMatchObject({ delivery: ['delivered', null] });
      }
    });

    it.each([
      [0, 1, 2],
      [1, 0, 2],
      [2, 1, 0],
    ])(
      'marks the SMS failed when part %i fails and parts %i and %i are delivered',
      async (lost, ...arrived) => {
        const { delivery, partIds } = await inParts();
        for (const part of arrived) await apply(delivery, { vendorMessageId: partIds[part] ?? '' });
        expect(await stateOf(delivery)).toMatchObject({ delivery: ['sent', null] });
        await apply(delivery, { vendorMessageId: partIds[lost] ?? '', ...failed });
        expect(await stateOf(delivery)).toMatchObject({
          delivery: ['failed', 'undelivered'],
          attempts: [['accepted', 'failed']],
        });
        const row = await database.prisma.attempt.findFirstOrThrow({ where: { deliveryId: delivery.id } });
        expect(row).toMatchObject({ receiptCode: 'UNDELIV:27', vendorMessageId: partIds[0] });
        await apply(delivery, { vendorMessageId: partIds[arrived[0] ?? 0] ?? '' });
        expect(await stateOf(delivery)).toMatchObject({ delivery: ['failed', 'undelivered'] });
      },
    );

    it('applies when it arrives before the SMS is recorded', async () => {
      const { delivery, partIds } = await inParts(false);
      await apply(delivery, { vendorMessageId: partIds[0] ?? '' });
      await apply(delivery, { vendorMessageId: partIds[1] ?? '', ...failed });
      await linkParts(delivery, partIds);
      expect(await stateOf(delivery)).toMatchObject({ delivery: ['failed', 'undelivered'] });
    });
  });

  it('returns why an SMS failed and the number it was for', async () => {
    const delivery = await sent();
    const failed = { status: 'failed', reason: 'opted_out', vendorCode: '21610' } as const;
    expect(await apply(delivery, failed)).toMatchObject([{ phno: PHNO, status: 'failed', changed: true }]);
    expect(await stateOf(delivery)).toMatchObject({
      notification: 'failed',
      delivery: ['failed', 'opted_out'],
    });
    // The vendor repeats its report: nothing changes, but the number is returned again.
    expect(await apply(delivery, failed)).toMatchObject([{ phno: PHNO, status: 'failed', changed: false }]);
  });

  it('does not apply to another app or provider', async () => {
    const delivery = await sent();
    const stranger = report(delivery, { reference: reference(delivery) });
    expect(await smsLedger.applyReports('app456', 'main', [stranger])).toEqual([]);
    expect(await smsLedger.applyReports(APP, 'other', [stranger])).toEqual([]);
    expect(await stateOf(delivery)).toMatchObject({ delivery: ['sent', null] });
  });

  it.each(['delivered', 'failed'] as const)(
    'applies when it arrives before the result is recorded: %s',
    async (status) => {
      const delivery = await claimed();
      expect(await apply(delivery, { status })).toEqual([]);
      await link(delivery);
      await ledger.record(result(delivery));
      expect(await stateOf(delivery)).toMatchObject({
        notification: status,
        attempts: [['accepted', status]],
      });
    },
  );

  it.each(['delivered', 'failed'] as const)(
    'applies when it arrives between link and result: %s',
    async (status) => {
      const delivery = await claimed();
      await link(delivery);
      await apply(delivery, { status }, other);
      await ledger.record(result(delivery));
      expect(await stateOf(delivery)).toMatchObject({
        notification: status,
        attempts: [['accepted', status]],
      });
    },
  );

  it('finds an attempt by our reference when the vendor’s id is unknown', async () => {
    const delivery = await claimed();
    await ledger.record(result(delivery, timedOut));
    expect(await apply(delivery, { status: 'accepted', reference: reference(delivery) })).toHaveLength(1);
    expect(await stateOf(delivery)).toMatchObject({
      notification: 'sent',
      isSettled: true,
      delivery: ['sent', null],
      attempts: [['accepted', 'accepted']],
    });
    const row = await database.prisma.attempt.findFirstOrThrow({ where: { deliveryId: delivery.id } });
    expect(row.vendorMessageId).toBe(`m-${delivery.id}-1`);
    // From now on the id alone suffices.
    await apply(delivery);
    expect(await stateOf(delivery)).toMatchObject({ notification: 'delivered' });
  });

  it('settles a delivery that waits for a retry, and prevents the retry', async () => {
    const delivery = await claimed();
    await ledger.record(result(delivery, timedOut));
    await apply(delivery, { reference: reference(delivery) });
    expect(await ledger.claim(delivery.id)).toEqual({ state: 'settled' });
  });

  it('prevents an attempt from being recorded as unknown', async () => {
    const delivery = await claimed();
    await apply(delivery, { status: 'accepted', reference: reference(delivery) });
    await ledger.record(result(delivery, timedOut));
    expect(await stateOf(delivery)).toMatchObject({
      delivery: ['sent', null],
      attempts: [['accepted', 'accepted']],
    });
    expect(await ledger.claim(delivery.id)).toEqual({ state: 'settled' });
  });

  it('matches another spelling of the message id, whether the link or the report comes first', async () => {
    const [first, second] = [await claimed(), await claimed()];
    const spelled = (of: ClaimedDelivery) => ({
      vendorMessageId: `DEC-${of.id}`,
      otherIds: [`HEX-${of.id}`, `hex-${of.id}`],
    });
    await link(first, `hex-${first.id}`);
    await ledger.record(result(first, { vendorMessageId: `hex-${first.id}` }));
    expect(await apply(first, spelled(first))).toHaveLength(1);
    expect(await apply(second, spelled(second))).toEqual([]);
    await link(second, `HEX-${second.id}`);
    await ledger.record(result(second, { vendorMessageId: `HEX-${second.id}` }));
    for (const delivery of [first, second])
      expect(await stateOf(delivery)).toMatchObject({ notification: 'delivered' });
  });

  it('for a reused message id applies to the latest SMS with that id', async () => {
    const [old, fresh] = [await claimed(), await claimed()];
    await link(old, 'again');
    await ledger.record(result(old, { vendorMessageId: 'again' }));
    await apply(old, { vendorMessageId: 'again', status: 'failed' });
    await link(fresh, 'again');
    await ledger.record(result(fresh, { vendorMessageId: 'again' }));
    expect(await stateOf(fresh)).toMatchObject({ notification: 'sent', attempts: [['accepted', null]] });
    await apply(fresh, { vendorMessageId: 'again' });
    expect(await stateOf(fresh)).toMatchObject({ notification: 'delivered' });
    expect(await stateOf(old)).toMatchObject({ notification: 'failed' });
  });

  it('accepts a message id with a NUL character and ten thousand others', async () => {
    const delivery = await claimed();
    const endless = `\0${'x'.repeat(10_000)}`;
    await link(delivery, endless);
    await ledger.record(result(delivery));
    expect(await apply(delivery, { vendorMessageId: endless, vendorCode: 'a\0b' })).toHaveLength(1);
  });
});

describe('concurrent delivery reports and results', () => {
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, at: Math.random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ item }) => item);

  it('produce the same end state in any order and process', async () => {
    const plans = await Promise.all(Array.from({ length: 150 }, () => planned(3)));
    const claims = await Promise.all(
      plans.flatMap(({ ids }) => ids).map(async (id) => deliveryOf(await ledger.claim(id))),
    );
    const cases = claims.map((delivery, index) => ({
      delivery,
      /** The reported statuses, and the end state that they must produce. */
      said: (
        [['accepted', 'delivered'], ['accepted', 'failed'], ['accepted'], ['failed', 'delivered']] as const
      )[index % 4] ?? ['accepted'],
      end: (['delivered', 'failed', 'sent', 'delivered'] as const)[index % 4] ?? 'sent',
      unanswered: index % 5 === 0,
    }));
    const work = cases.flatMap(({ delivery, said, unanswered }, index) => {
      const [here, there] = index % 2 ? [smsLedger, other] : [other, smsLedger];
      const own = async (): Promise<void> => {
        if (!unanswered) await link(delivery, undefined, here);
        await (here === other ? otherLedger : ledger).record(
          result(delivery, unanswered ? { ...timedOut, status: 'failed', reason: 'outcome_unknown' } : {}),
        );
      };
      const reports = said.flatMap((status) =>
        [there, here].map(
          (by) => () => apply(delivery, { status, reference: unanswered ? reference(delivery) : null }, by),
        ),
      );
      return [own, ...reports];
    });
    await Promise.all(shuffled(work).map((task) => task()));
    const wrong: unknown[] = [];
    for (const { delivery, end, unanswered } of cases) {
      const { status } = await database.prisma.delivery.findUniqueOrThrow({ where: { id: delivery.id } });
      if (status !== end) wrong.push({ id: delivery.id, status, end, unanswered });
    }
    expect(wrong).toEqual([]);
    const { rows } = await database.sql.query(
      `SELECT n.id, n.status, d.statuses FROM notification n
       JOIN (SELECT notification_id, array_agg(status) AS statuses, bool_or(status = 'delivered') AS delivered,
                    bool_or(status = 'sent') AS sent FROM delivery GROUP BY 1) d ON d.notification_id = n.id
       WHERE n.id = ANY($1::uuid[])
         AND (n.settled_at IS NULL
              OR n.status <> CASE WHEN d.delivered THEN 'delivered' WHEN d.sent THEN 'sent' ELSE 'failed' END)`,
      [plans.map(({ notificationId }) => notificationId)],
    );
    expect(rows).toEqual([]);
  });
});

describe('a notification settled by two processes at once', () => {
  it('has the latest status, whichever process had to wait', async () => {
    const delivery = await sent();
    const first = await database.sql.connect();
    await first.query('BEGIN');
    await first.query('SELECT id FROM notification WHERE id = $1 FOR UPDATE', [delivery.notificationId]);
    const second = ledger.settle(delivery.notificationId);
    const waiting = async (): Promise<object[]> => {
      const { rows } = await database.sql.query<object>(
        `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows;
    };
    await until(async () => (await waiting()).length === 1, waiting);
    // By now the second has read the delivery as sent.
    await first.query(`UPDATE delivery SET status = 'delivered' WHERE id = $1`, [delivery.id]);
    await first.query(`UPDATE notification SET status = 'delivered' WHERE id = $1`, [
      delivery.notificationId,
    ]);
    await first.query('COMMIT');
    first.release();
    await second;
    expect(await stateOf(delivery)).toMatchObject({
      notification: 'delivered',
      delivery: ['delivered', null],
    });
  });
});

describe('Ledger.prune', () => {
  it('deletes old delivery reports of SMS that are no longer stored', async () => {
    await apply(await claimed(), { vendorMessageId: 'long-ago' });
    await apply(await claimed(), { vendorMessageId: 'recent' });
    await database.sql.query(
      `UPDATE sms_receipt SET created_at = now() - interval '40 days' WHERE vendor_message_id = 'long-ago'`,
    );
    await ledger.prune(new Date(Date.now() - 30 * 24 * HOUR_MS));
    const kept = await database.prisma.smsReceipt.findMany({
      where: { vendorMessageId: { in: ['long-ago', 'recent'] } },
    });
    expect(kept.map(({ vendorMessageId }) => vendorMessageId)).toEqual(['recent']);
  });
});

describe('an SMS that its vendor reports as failed', () => {
  const routed = async (route = ['main', 'more', 'third']): Promise<ClaimedDelivery> => {
    const { ids } = await planned(1, newId(), route);
    const delivery = deliveryOf(await ledger.claim(ids[0] ?? ''));
    await link(delivery);
    await ledger.record(result(delivery));
    return delivery;
  };
  const successor = ({ id }: ClaimedDelivery) =>
    database.prisma.delivery.findUnique({ where: { id: successorIdOf(id) } });
  /** The successors of a delivery that are not in the queue yet. */
  const due = async ({ notificationId }: ClaimedDelivery) =>
    (await smsLedger.dueSuccessors(1_000)).filter((next) => next.notificationId === notificationId);

  it('moves to the next vendor once, however often and in whichever process the report arrives', async () => {
    const delivery = await routed();
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        apply(delivery, { status: 'failed' }, i % 2 === 0 ? smsLedger : other),
      ),
    );
    const next = await successor(delivery);
    expect(next).toMatchObject({ provider: 'more', kind: 'sms', status: 'queued', address: { phno: PHNO } });
    expect(next?.options).toEqual({
      text: 'Hi',
      sms: { route: ['more', 'third'], onOverQuota: 'moveOn', country: 'US' },
    });
    expect(await due(delivery)).toEqual([
      expect.objectContaining({ deliveryId: next?.id, appId: APP, uid: 'ann', provider: 'more' }),
    ]);
    expect(await stateOf(delivery)).toMatchObject({
      notification: 'queued',
      delivery: ['failed', 'undelivered'],
    });
    await smsLedger.forgetSuccessors([next?.id ?? '']);
    await apply(delivery, { status: 'failed' });
    expect(await due(delivery)).toEqual([]);
    expect(await database.prisma.delivery.count({ where: { notificationId: delivery.notificationId } })).toBe(
      2,
    );
    // A failure there leads to the third vendor.
    const second = deliveryOf(await ledger.claim(next?.id ?? ''));
    const name = `second-${second.id}`;
    await smsLedger.linkMessage({
      appId: APP,
      provider: 'more',
      vendorMessageId: name,
      deliveryId: second.id,
      attempt: 1,
    });
    await ledger.record(result(second, { vendorMessageId: name }));
    await smsLedger.applyReports(APP, 'more', [report(second, { vendorMessageId: name, status: 'failed' })]);
    expect(await successor(second)).toMatchObject({ provider: 'third' });
  });

  it('moves to the next vendor when the report precedes the result', async () => {
    const { ids } = await planned(1, newId(), ['main', 'more']);
    const delivery = deliveryOf(await ledger.claim(ids[0] ?? ''));
    await apply(delivery, { status: 'failed' });
    await link(delivery);
    expect(await successor(delivery)).toBeNull();
    await ledger.record(result(delivery));
    expect(await successor(delivery)).toMatchObject({ provider: 'more', status: 'queued' });
    expect(await due(delivery)).toHaveLength(1);
  });

  it.each([
    ['the recipient has opted out', { reason: 'opted_out' }, undefined],
    ['the number is unreachable', { reason: 'number_unreachable' }, undefined],
    ['no other vendor is allowed', {}, ['main']],
  ] as const)('stays with its vendor if %s', async (_, change, route) => {
    const delivery = await routed(route && [...route]);
    await apply(delivery, { status: 'failed', ...change });
    expect((await stateOf(delivery)).notification).toBe('failed');
    expect(await successor(delivery)).toBeNull();
  });

  it('stays with its vendor after it has expired or been replaced as silent', async () => {
    const late = await routed();
    await database.sql.query(`UPDATE delivery SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      late.id,
    ]);
    await apply(late, { status: 'failed' });
    expect(await successor(late)).toBeNull();
    // Earlier versions gave the successor of a silent SMS a random id.
    const silent = await routed();
    await smsLedger.succeedSilent({ deliveryId: silent.id, successorId: newId(), route: ['more'] });
    await apply(silent, { status: 'failed' });
    expect(await successor(silent)).toBeNull();
    expect(await due(silent)).toEqual([]);
  });
});

describe('an SMS without a delivery report', () => {
  it('moves to the next vendor unless the vendor has confirmed that it accepted the SMS', async () => {
    const [heard, unheard] = await Promise.all([sent(), sent()]);
    await apply(heard, { status: 'accepted' });
    const succeed = ({ id: deliveryId }: ClaimedDelivery): Promise<boolean> =>
      smsLedger.succeedSilent({ deliveryId, successorId: successorIdOf(deliveryId), route: ['more'] });
    expect(await succeed(heard)).toBe(false);
    expect([await succeed(unheard), await succeed(unheard)]).toEqual([true, true]);
    expect(
      await database.prisma.delivery.count({
        where: { notificationId: { in: [heard.notificationId, unheard.notificationId] } },
      }),
    ).toBe(3);
  });
});

const HOUR_MS = 3_600_000;
const APP = 'app123';
const PHNO = '+14155550100';

/** Plans a notification with SMS deliveries. */
const planned = async (
  count = 1,
  id = newId(),
  route?: readonly string[],
): Promise<{ notificationId: string; ids: string[] }> => {
  const deliveries = Array.from({ length: count }, () => ({
    id: newId(),
    provider: 'main',
    kind: 'sms',
    deviceId: null,
    address: { phno: PHNO },
    ...(route
      ? { options: { text: 'Hi', sms: { route, onOverQuota: 'moveOn', country: 'US' } as const } }
      : {}),
  }));
  await ledger.plan(
    {
      id,
      appId: APP,
      channel: 'sms',
      kind: 'sms',
      uid: 'ann',
      receivedAt: new Date(),
      content: '{}',
      expiresAt: new Date(Date.now() + HOUR_MS),
    },
    { deliveries },
  );
  return { notificationId: id, ids: deliveries.map((delivery) => delivery.id) };
};
const deliveryOf = (claim: Claim): ClaimedDelivery => {
  if (claim.state !== 'claimed') throw new Error(`Unexpected claim state: ${claim.state}`);
  return claim.delivery;
};
const claimed = async (): Promise<ClaimedDelivery> => {
  const { ids } = await planned();
  return deliveryOf(await ledger.claim(ids[0] ?? ''));
};
const result = (of: ClaimedDelivery, change: Partial<AttemptResult> = {}): AttemptResult => ({
  deliveryId: of.id,
  notificationId: of.notificationId,
  attempt: of.attempt,
  outcome: 'accepted',
  vendorCode: null,
  vendorMessageId: `m-${of.id}-${of.attempt}`,
  durationMs: 5,
  status: 'sent',
  reason: null,
  dropped: [],
  ...change,
});
const timedOut: Partial<AttemptResult> = {
  outcome: 'unknown',
  vendorCode: 'timeout',
  vendorMessageId: null,
  status: 'queued',
};
const link = (of: ClaimedDelivery, vendorMessageId = `m-${of.id}-${of.attempt}`, by = smsLedger) =>
  by.linkMessage({
    appId: APP,
    provider: 'main',
    vendorMessageId,
    deliveryId: of.id,
    attempt: of.attempt,
  });
const report = (of: ClaimedDelivery, change: Partial<DeliveryReport> = {}): DeliveryReport => ({
  vendorMessageId: `m-${of.id}-${of.attempt}`,
  reference: null,
  status: 'delivered',
  reason: null,
  vendorCode: null,
  at: null,
  ...change,
});
const reference = (of: ClaimedDelivery): string => `${of.id}-${of.attempt}`;
const apply = (of: ClaimedDelivery, change: Partial<DeliveryReport> = {}, by = smsLedger) =>
  by.applyReports(APP, 'main', [report(of, change)]);
const sent = async (): Promise<ClaimedDelivery> => {
  const delivery = await claimed();
  await link(delivery);
  await ledger.record(result(delivery));
  return delivery;
};

/** Status of the notification; status and reason of the delivery; outcome and report of each attempt. */
const stateOf = async ({ id, notificationId }: ClaimedDelivery) => {
  const { prisma } = database;
  const notification = await prisma.notification.findUniqueOrThrow({ where: { id: notificationId } });
  const delivery = await prisma.delivery.findUniqueOrThrow({ where: { id } });
  const attempts = await prisma.attempt.findMany({ where: { deliveryId: id }, orderBy: { attempt: 'asc' } });
  return {
    notification: notification.status,
    isSettled: notification.settledAt !== null,
    delivery: [delivery.status, delivery.reason],
    attempts: attempts.map(({ outcome, receiptStatus }) => [outcome, receiptStatus]),
  };
};
