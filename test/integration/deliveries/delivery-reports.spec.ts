import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TestDatabase } from '../../support/database.js';
import { startDatabase } from '../../support/database.js';
import { until } from '../../support/until.js';
import { Ledger } from '../../../src/deliveries/ledger.js';
import type { AttemptResult, Claim } from '../../../src/deliveries/records.js';
import type { ClaimedDelivery } from '../../../src/domain/delivery.js';
import type { DeliveryReport } from '../../../src/domain/delivery-report.js';
import { GatewayConfig } from '../../../src/platform/config/gateway-config.js';
import { newId, successorIdOf } from '../../../src/platform/ids/new-id.js';

let database: TestDatabase;
let ledger: Ledger;
/** Another process. */
let other: Ledger;
beforeAll(async () => {
  database = await startDatabase();
  const config = Object.assign(new GatewayConfig(), { apps: [] });
  ledger = new Ledger(database.sql, database.prisma, config);
  other = new Ledger(database.sql, database.prisma, config);
});
afterAll(() => database.close());

const HOUR_MS = 3_600_000;
const APP = 'app123';
const PHNO = '+14155550100';

/** A notification with texts, as planned. */
const planned = async (
  texts = 1,
  id = newId(),
  route?: readonly string[],
): Promise<{ notificationId: string; ids: string[] }> => {
  const deliveries = Array.from({ length: texts }, () => ({
    id: newId(),
    provider: 'texts',
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
const taken = (claim: Claim): ClaimedDelivery => {
  if (claim.state !== 'claimed') throw new Error(`It is ${claim.state}.`);
  return claim.delivery;
};
const claimed = async (): Promise<ClaimedDelivery> => {
  const { ids } = await planned();
  return taken(await ledger.claim(ids[0] ?? ''));
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
const link = (of: ClaimedDelivery, vendorMessageId = `m-${of.id}-${of.attempt}`, by = ledger) =>
  by.linkMessage({
    appId: APP,
    provider: 'texts',
    vendorMessageId,
    deliveryId: of.id,
    attempt: of.attempt,
  });
const receipt = (of: ClaimedDelivery, change: Partial<DeliveryReport> = {}): DeliveryReport => ({
  vendorMessageId: `m-${of.id}-${of.attempt}`,
  reference: null,
  status: 'delivered',
  reason: null,
  vendorCode: null,
  at: null,
  ...change,
});
const reference = (of: ClaimedDelivery): string => `${of.id}-${of.attempt}`;
const apply = (of: ClaimedDelivery, change: Partial<DeliveryReport> = {}, by = ledger) =>
  by.applyReports(APP, 'texts', [receipt(of, change)]);
const sent = async (): Promise<ClaimedDelivery> => {
  const delivery = await claimed();
  await link(delivery);
  await ledger.record(result(delivery));
  return delivery;
};

/** The notification's status; the delivery's status and reason; each attempt's outcome and receipt. */
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

describe('a receipt', () => {
  it('brings attempt, delivery and notification up to date', async () => {
    const delivery = await sent();
    const at = new Date('2026-01-02T03:04:05.678Z');
    expect(await apply(delivery, { vendorCode: '000', at })).toEqual([
      {
        notificationId: delivery.notificationId,
        deliveryId: delivery.id,
        attempt: 1,
        receipt: receipt(delivery, { vendorCode: '000', at }),
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

  describe('of a part', () => {
    const inParts = async (linked = true): Promise<{ delivery: ClaimedDelivery; partIds: string[] }> => {
      const delivery = await claimed();
      const partIds = [1, 2, 3].map((part) => `m-${delivery.id}-${part}`);
      if (linked) await linkParts(delivery, partIds);
      return { delivery, partIds };
    };
    const linkParts = async (delivery: ClaimedDelivery, partIds: readonly string[]): Promise<void> => {
      const { id: deliveryId, attempt } = delivery;
      const vendorMessageId = partIds[0] ?? '';
      await ledger.linkMessage({
        appId: APP,
        provider: 'texts',
        vendorMessageId,
        partIds,
        deliveryId,
        attempt,
      });
      await ledger.record(result(delivery, { vendorMessageId }));
    };
    const failed = { status: 'failed', reason: 'undelivered', vendorCode: 'UNDELIV:27' } as const;

    it('makes the text delivered with the last of them', async () => {
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

    it('makes it delivered where the last two come to two processes at once', async () => {
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
    ])('makes it failed where one failed: %i, then %i and %i delivered', async (lost, ...arrived) => {
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
    });

    it('counts where it came before the text was known', async () => {
      const { delivery, partIds } = await inParts(false);
      await apply(delivery, { vendorMessageId: partIds[0] ?? '' });
      await apply(delivery, { vendorMessageId: partIds[1] ?? '', ...failed });
      await linkParts(delivery, partIds);
      expect(await stateOf(delivery)).toMatchObject({ delivery: ['failed', 'undelivered'] });
    });
  });

  it('says why a text did not arrive, and who was not reached', async () => {
    const delivery = await sent();
    const failed = { status: 'failed', reason: 'opted_out', vendorCode: '21610' } as const;
    expect(await apply(delivery, failed)).toMatchObject([{ phno: PHNO, status: 'failed', changed: true }]);
    expect(await stateOf(delivery)).toMatchObject({
      notification: 'failed',
      delivery: ['failed', 'opted_out'],
    });
    // The vendor comes again: nothing changes, but it may be told again who it was.
    expect(await apply(delivery, failed)).toMatchObject([{ phno: PHNO, status: 'failed', changed: false }]);
  });

  it('is not for an app or a provider other than its own', async () => {
    const delivery = await sent();
    const stranger = receipt(delivery, { reference: reference(delivery) });
    expect(await ledger.applyReports('app456', 'texts', [stranger])).toEqual([]);
    expect(await ledger.applyReports(APP, 'others', [stranger])).toEqual([]);
    expect(await stateOf(delivery)).toMatchObject({ delivery: ['sent', null] });
  });

  it.each(['delivered', 'failed'] as const)('that comes before our own record counts: %s', async (status) => {
    const delivery = await claimed();
    expect(await apply(delivery, { status })).toEqual([]);
    await link(delivery);
    await ledger.record(result(delivery));
    expect(await stateOf(delivery)).toMatchObject({ notification: status, attempts: [['accepted', status]] });
  });

  it.each(['delivered', 'failed'] as const)('counts between link and record, too: %s', async (status) => {
    const delivery = await claimed();
    await link(delivery);
    await apply(delivery, { status }, other);
    await ledger.record(result(delivery));
    expect(await stateOf(delivery)).toMatchObject({ notification: status, attempts: [['accepted', status]] });
  });

  it('finds an attempt by our reference where the vendor’s id is not known', async () => {
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
    // By its id alone from now on.
    await apply(delivery);
    expect(await stateOf(delivery)).toMatchObject({ notification: 'delivered' });
  });

  it('settles a delivery that waits for another attempt, which is then not made', async () => {
    const delivery = await claimed();
    await ledger.record(result(delivery, timedOut));
    await apply(delivery, { reference: reference(delivery) });
    expect(await ledger.claim(delivery.id)).toEqual({ state: 'settled' });
  });

  it('keeps an attempt from being called unknown that the vendor has reported on', async () => {
    const delivery = await claimed();
    await apply(delivery, { status: 'accepted', reference: reference(delivery) });
    await ledger.record(result(delivery, timedOut));
    expect(await stateOf(delivery)).toMatchObject({
      delivery: ['sent', null],
      attempts: [['accepted', 'accepted']],
    });
    expect(await ledger.claim(delivery.id)).toEqual({ state: 'settled' });
  });

  it('finds a text by another spelling of its id, whichever comes first', async () => {
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

  it('of an id that is used anew is not taken for the new text’s', async () => {
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

  it('takes an id that no table could keep', async () => {
    const delivery = await claimed();
    const endless = `\0${'x'.repeat(10_000)}`;
    await link(delivery, endless);
    await ledger.record(result(delivery));
    expect(await apply(delivery, { vendorMessageId: endless, vendorCode: 'a\0b' })).toHaveLength(1);
  });
});

describe('many receipts and records at once', () => {
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, at: Math.random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ item }) => item);

  it('end at the same whatever their order, in every process', async () => {
    const plans = await Promise.all(Array.from({ length: 150 }, () => planned(3)));
    const claims = await Promise.all(
      plans.flatMap(({ ids }) => ids).map(async (id) => taken(await ledger.claim(id))),
    );
    const fates = claims.map((delivery, index) => ({
      delivery,
      /** What is said of it, and what must come of that. */
      said: (
        [['accepted', 'delivered'], ['accepted', 'failed'], ['accepted'], ['failed', 'delivered']] as const
      )[index % 4] ?? ['accepted'],
      end: (['delivered', 'failed', 'sent', 'delivered'] as const)[index % 4] ?? 'sent',
      unanswered: index % 5 === 0,
    }));
    const work = fates.flatMap(({ delivery, said, unanswered }, index) => {
      const [here, there] = index % 2 ? [ledger, other] : [other, ledger];
      const own = async (): Promise<void> => {
        if (!unanswered) await link(delivery, undefined, here);
        await here.record(
          result(delivery, unanswered ? { ...timedOut, status: 'failed', reason: 'outcome_unknown' } : {}),
        );
      };
      const receipts = said.flatMap((status) =>
        [there, here].map(
          (by) => () => apply(delivery, { status, reference: unanswered ? reference(delivery) : null }, by),
        ),
      );
      return [own, ...receipts];
    });
    await Promise.all(shuffled(work).map((task) => task()));
    const wrong: unknown[] = [];
    for (const { delivery, end, unanswered } of fates) {
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

describe('a notification that is settled by two at once', () => {
  it('ends up with what came last, whoever had to wait', async () => {
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
    // What the second has seen by now is that the text was sent.
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

describe('pruning', () => {
  it('deletes what vendors said of texts that are forgotten', async () => {
    await apply(await claimed(), { vendorMessageId: 'long-ago' });
    await apply(await claimed(), { vendorMessageId: 'of-late' });
    await database.sql.query(
      `UPDATE sms_receipt SET created_at = now() - interval '40 days' WHERE vendor_message_id = 'long-ago'`,
    );
    await ledger.prune(new Date(Date.now() - 30 * 24 * HOUR_MS));
    const kept = await database.prisma.smsReceipt.findMany({
      where: { vendorMessageId: { in: ['long-ago', 'of-late'] } },
    });
    expect(kept.map(({ vendorMessageId }) => vendorMessageId)).toEqual(['of-late']);
  });
});

describe('a text that its vendor reports to have failed', () => {
  const routed = async (route = ['texts', 'more', 'third']): Promise<ClaimedDelivery> => {
    const { ids } = await planned(1, newId(), route);
    const delivery = taken(await ledger.claim(ids[0] ?? ''));
    await link(delivery);
    await ledger.record(result(delivery));
    return delivery;
  };
  const successor = ({ id }: ClaimedDelivery) =>
    database.prisma.delivery.findUnique({ where: { id: successorIdOf(id) } });
  /** Those of a text that the queue has still to be told of. */
  const due = async ({ notificationId }: ClaimedDelivery) =>
    (await ledger.dueSuccessors(1_000)).filter((text) => text.notificationId === notificationId);

  it('goes to the next vendor once, however often that is said, by whichever process', async () => {
    const delivery = await routed();
    await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        apply(delivery, { status: 'failed' }, i % 2 === 0 ? ledger : other),
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
    await ledger.forgetSuccessors([next?.id ?? '']);
    await apply(delivery, { status: 'failed' });
    expect(await due(delivery)).toEqual([]);
    expect(await database.prisma.delivery.count({ where: { notificationId: delivery.notificationId } })).toBe(
      2,
    );
    // And from there to the one behind it.
    const second = taken(await ledger.claim(next?.id ?? ''));
    const name = `second-${second.id}`;
    await ledger.linkMessage({
      appId: APP,
      provider: 'more',
      vendorMessageId: name,
      deliveryId: second.id,
      attempt: 1,
    });
    await ledger.record(result(second, { vendorMessageId: name }));
    await ledger.applyReports(APP, 'more', [receipt(second, { vendorMessageId: name, status: 'failed' })]);
    expect(await successor(second)).toMatchObject({ provider: 'third' });
  });

  it('goes there also where the report is there before the result', async () => {
    const { ids } = await planned(1, newId(), ['texts', 'more']);
    const delivery = taken(await ledger.claim(ids[0] ?? ''));
    await apply(delivery, { status: 'failed' });
    await link(delivery);
    expect(await successor(delivery)).toBeNull();
    await ledger.record(result(delivery));
    expect(await successor(delivery)).toMatchObject({ provider: 'more', status: 'queued' });
    expect(await due(delivery)).toHaveLength(1);
  });

  it.each([
    ['said STOP', { reason: 'opted_out' }, undefined],
    ['has no such number', { reason: 'number_unreachable' }, undefined],
    ['was to get it by this vendor alone', {}, ['texts']],
  ] as const)('goes to nobody else where its person %s', async (_, change, route) => {
    const delivery = await routed(route && [...route]);
    await apply(delivery, { status: 'failed', ...change });
    expect((await stateOf(delivery)).notification).toBe('failed');
    expect(await successor(delivery)).toBeNull();
  });

  it('goes to nobody else when it is too late, or another one has it on trial', async () => {
    const late = await routed();
    await database.sql.query(`UPDATE delivery SET expires_at = now() - interval '1 second' WHERE id = $1`, [
      late.id,
    ]);
    await apply(late, { status: 'failed' });
    expect(await successor(late)).toBeNull();
    // As an earlier version made them of a silence: under ids of their own.
    const silent = await routed();
    await ledger.succeedSilent({ deliveryId: silent.id, successorId: newId(), route: ['more'] });
    await apply(silent, { status: 'failed' });
    expect(await successor(silent)).toBeNull();
    expect(await due(silent)).toEqual([]);
  });
});

describe('a silence', () => {
  it('is none where the vendor has said that it has the text', async () => {
    const [heard, unheard] = await Promise.all([sent(), sent()]);
    await apply(heard, { status: 'accepted' });
    const succeed = ({ id: deliveryId }: ClaimedDelivery): Promise<boolean> =>
      ledger.succeedSilent({ deliveryId, successorId: successorIdOf(deliveryId), route: ['more'] });
    expect(await succeed(heard)).toBe(false);
    expect([await succeed(unheard), await succeed(unheard)]).toEqual([true, true]);
    expect(
      await database.prisma.delivery.count({
        where: { notificationId: { in: [heard.notificationId, unheard.notificationId] } },
      }),
    ).toBe(3);
  });
});
