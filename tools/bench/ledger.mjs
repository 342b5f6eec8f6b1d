// `npm run bench:ledger`: the cost of planning, claiming and recording a notification with one delivery, with the
// ledger's set-based SQL and with Prisma (ADR 0004). Every run starts with empty tables and verifies the counts.
import 'reflect-metadata';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import '../../scripts/typescript/register.mjs';
import { withTemporaryPostgres } from '../../scripts/temporary-postgres.mjs';
import { machine, measure, table, takeTurns } from './runs.mjs';

const { Ledger } = await import('../../src/deliveries/ledger.js');
const { Batcher } = await import('../../src/platform/batching/batcher.js');
const { GatewayConfig } = await import('../../src/platform/config/gateway-config.js');
const { PrismaClient } = await import('../../src/platform/database/generated/client.js');
const { migrate } = await import('../../src/platform/database/migrate.js');
const { newId } = await import('../../src/platform/ids/new-id.js');

const NOTIFICATIONS = 2_000;
const TURNS = 5;
/** As in the gateway: concurrent deliveries, connections and batch size. */
const CONCURRENCY = 100;
const POOL_SIZE = 20;
const BATCH = { maxItems: 250, maxCalls: 2 };
const CLAIM_MS = 25_000;

const details = {
  type: 'chat',
  title: 'Andrew Joseph',
  body: 'Hello!',
  tag: '123',
  sender: 'cometchat-uid-1',
};
const CONTENT = JSON.stringify({
  to: { uid: 'cometchat-uid-2' },
  notificationDetails: { ...details, padding: 'x'.repeat(800) },
});
const ADDRESS = { transport: /** @type {const} */ ('fcm'), token: 't'.repeat(150), platform: 'fcm_android' };

/**
 * A notification to be planned, claimed and recorded as sent.
 *
 * @typedef {object} Item
 * @property {import('../../src/deliveries/records.js').AcceptedNotification} notification
 * @property {import('../../src/domain/delivery.js').PlannedDelivery} delivery
 * @property {import('../../src/deliveries/records.js').AttemptResult} result
 *
 * @typedef {{ readonly name: string, readonly pass: (item: Item) => Promise<void> }} Candidate
 */

/** @param {number} index @returns {Item} */
function itemOf(index) {
  const receivedAt = new Date();
  const notification = {
    id: newId(),
    appId: 'app123',
    channel: /** @type {const} */ ('push'),
    kind: /** @type {const} */ ('chat'),
    uid: `uid-${index % 500}`,
    receivedAt,
    content: CONTENT,
    expiresAt: new Date(receivedAt.getTime() + 86_400_000),
  };
  const delivery = { id: newId(), provider: 'default', kind: 'fcm', deviceId: null, address: ADDRESS };
  return {
    notification,
    delivery,
    result: {
      deliveryId: delivery.id,
      notificationId: notification.id,
      attempt: 1,
      outcome: 'accepted',
      vendorCode: null,
      vendorMessageId: `projects/p/messages/${index}`,
      durationMs: 50,
      status: 'sent',
      reason: null,
      dropped: [],
    },
  };
}

/**
 * The ledger itself.
 *
 * @param {pg.Pool} sql
 * @param {InstanceType<typeof PrismaClient>} prisma
 * @returns {Candidate}
 */
function setBased(sql, prisma) {
  const ledger = new Ledger(sql, prisma, Object.assign(new GatewayConfig(), { apps: [] }));
  return {
    name: 'set-based SQL, batched',
    async pass({ notification, delivery, result }) {
      await ledger.plan(notification, { deliveries: [delivery] });
      const { state } = await ledger.claim(delivery.id);
      if (state !== 'claimed') throw new Error(`The claim is ${state}.`);
      await ledger.record(result);
    },
  };
}

/** @param {Item} item */
const rowsOf = ({ notification: { expiresAt, ...notification }, delivery }) => ({
  notification: { ...notification, status: 'queued' },
  delivery: {
    id: delivery.id,
    notificationId: notification.id,
    provider: delivery.provider,
    kind: delivery.kind,
    deviceId: delivery.deviceId,
    address: ADDRESS,
    status: 'queued',
    expiresAt,
  },
});

/** Condition of a claim, apart from the ids. */
const free = () => ({
  status: 'queued',
  expiresAt: { gt: new Date() },
  OR: [{ claimedUntil: null }, { claimedUntil: { lte: new Date() } }],
});
const claimed = () => ({ attempts: { increment: 1 }, claimedUntil: new Date(Date.now() + CLAIM_MS) });
/** @param {{ readonly id: string, readonly attempts: number, readonly provider: string | null }} delivery */
const attemptOf = ({ id, attempts, provider }) => ({
  deliveryId: id,
  attempt: attempts,
  provider: provider ?? '',
  outcome: 'unknown',
  startedAt: new Date(),
  durationMs: 0,
});

/**
 * The statements that write a result. Prisma cannot update several rows to different values in one statement.
 *
 * @param {InstanceType<typeof PrismaClient>} prisma
 * @param {Item['result']} result
 */
function recording(
  prisma,
  { deliveryId, notificationId, attempt, outcome, vendorCode, vendorMessageId, durationMs, status, reason },
) {
  const settledAt = new Date();
  return [
    prisma.attempt.update({
      where: { deliveryId_attempt: { deliveryId, attempt } },
      data: { outcome, vendorCode, vendorMessageId, durationMs },
    }),
    prisma.delivery.updateMany({
      where: { id: deliveryId, status: 'queued', attempts: attempt },
      data: { status, reason, claimedUntil: null, settledAt },
    }),
    prisma.notification.update({ where: { id: notificationId }, data: { status, settledAt } }),
  ];
}

/** @param {InstanceType<typeof PrismaClient>} prisma @returns {Candidate} */
function prismaOneByOne(prisma) {
  return {
    name: 'Prisma, one by one',
    async pass(item) {
      const rows = rowsOf(item);
      const { id } = item.delivery;
      await prisma.$transaction([
        prisma.notification.create({ data: rows.notification }),
        prisma.delivery.create({ data: rows.delivery }),
      ]);
      await prisma.$transaction(async (transaction) => {
        const [own] = await transaction.delivery.updateManyAndReturn({
          where: { id, ...free() },
          data: claimed(),
        });
        if (!own) throw new Error('The claim failed.');
        await transaction.attempt.create({ data: attemptOf(own) });
        await transaction.notification.findUniqueOrThrow({ where: { id: own.notificationId } });
      });
      await prisma.$transaction(recording(prisma, item.result));
    },
  };
}

/** @param {InstanceType<typeof PrismaClient>} prisma @returns {Candidate} */
function prismaCreateMany(prisma) {
  const plans = new Batcher(async (/** @type {readonly Item[]} */ items) => {
    const rows = items.map(rowsOf);
    await prisma.$transaction([
      prisma.notification.createMany({
        data: rows.map(({ notification }) => notification),
        skipDuplicates: true,
      }),
      prisma.delivery.createMany({ data: rows.map(({ delivery }) => delivery), skipDuplicates: true }),
    ]);
    return items.map(() => true);
  }, BATCH);
  const claims = new Batcher(async (/** @type {readonly string[]} */ ids) => {
    const own = await prisma.$transaction(async (transaction) => {
      const where = { id: { in: [...ids] }, ...free() };
      const deliveries = await transaction.delivery.updateManyAndReturn({ where, data: claimed() });
      await transaction.attempt.createMany({ data: deliveries.map(attemptOf) });
      const of = deliveries.map(({ notificationId }) => notificationId);
      await transaction.notification.findMany({ where: { id: { in: of } } });
      return deliveries;
    });
    const claimedIds = new Set(own.map(({ id }) => id));
    return ids.map((id) => claimedIds.has(id));
  }, BATCH);
  const results = new Batcher(async (/** @type {readonly Item['result'][]} */ batch) => {
    await prisma.$transaction(batch.flatMap((result) => recording(prisma, result)));
    return batch.map(() => true);
  }, BATCH);
  return {
    name: 'Prisma createMany, batched',
    async pass(item) {
      await plans.run(item);
      if (!(await claims.run(item.delivery.id))) throw new Error('The claim failed.');
      await results.run(item.result);
    },
  };
}

const COUNT = `SELECT
  (SELECT count(*)::int FROM notification WHERE status = 'sent' AND settled_at IS NOT NULL) AS notifications,
  (SELECT count(*)::int FROM delivery WHERE status = 'sent' AND attempts = 1 AND claimed_until IS NULL) AS deliveries,
  (SELECT count(*)::int FROM attempt WHERE outcome = 'accepted' AND attempt = 1) AS attempts`;

await withTemporaryPostgres(async (url) => {
  await migrate(url, 'prisma/migrations');
  const sql = new pg.Pool({ connectionString: url, max: POOL_SIZE });
  // The server stops before the last idle connection is closed.
  sql.on('error', () => undefined);
  const prisma = new PrismaClient({ adapter: new PrismaPg(sql) });
  const candidates = [setBased(sql, prisma), prismaOneByOne(prisma), prismaCreateMany(prisma)];
  const runs = await takeTurns(candidates, TURNS, async ({ name, pass }) => {
    await sql.query('TRUNCATE notification, delivery, attempt');
    const items = Array.from({ length: NOTIFICATIONS }, (_, index) => itemOf(index));
    const run = await measure(NOTIFICATIONS, CONCURRENCY, async (index) => {
      const item = items[index];
      if (item) await pass(item);
    });
    const { rows } = await sql.query(COUNT);
    const counts = /** @type {Record<string, number>} */ (rows[0]);
    for (const [what, count] of Object.entries(counts)) {
      if (count !== NOTIFICATIONS) throw new Error(`${name}: ${count} ${what} instead of ${NOTIFICATIONS}.`);
    }
    return run;
  });
  console.log(
    `Notifications planned, claimed and recorded: ${NOTIFICATIONS} per run, ${CONCURRENCY} concurrent, medians of ${TURNS} runs,\n` +
      `embedded PostgreSQL on the same machine: ${machine()}\n\n${table(runs)}`,
  );
  await prisma.$disconnect();
  await sql.end();
});
