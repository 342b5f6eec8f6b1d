import { setTimeout as sleep } from 'node:timers/promises';
import { ratios } from '../figures.mjs';
import { takeTurns } from '../runs.mjs';
import { takeEvents } from '../../stage/app.mjs';
import { checkSent } from '../../stage/checks.mjs';
import { hear, startScript, stop } from '../../stage/children.mjs';
import { serverCpuSeconds } from '../../stage/cpu.mjs';
import { ledgerSize, serverPid, STATISTICS_DELAY_MS, transactionsIn } from '../../stage/database.mjs';
import { deliver } from '../../stage/deliver.mjs';
import { CONCURRENCY, withGateway } from '../../stage/gateway.mjs';
import { RedisCommands } from '../../stage/redis-commands.mjs';
import { LATENCY_MS } from '../../stage/vendor.mjs';

/** Deliveries under `MONITOR`. */
const OBSERVED = 500;
const BARE_LOOP = new URL('../programs/http2-loop.mjs', import.meta.url);

/**
 * Webhooks delivered to the vendor per second, compared with only sending such messages.
 *
 * @param {import('../bench.mjs').Bench} bench
 * @returns {Promise<import('../figures.mjs').Findings>}
 */
export function delivery({ options, postgresUrl, vendor, load }) {
  const { deliveries: count, turns } = options;
  return withGateway({ postgresUrl, vendorUrl: vendor.url }, async (gateway) => {
    const { queues } = gateway;
    const databaseUrl = gateway.env['DATABASE_URL'] ?? '';
    const postgres = await serverPid(databaseUrl);
    const ledgerBefore = await ledgerSize(databaseUrl);
    await gateway.start('worker');
    const commands = new RedisCommands(queues.redis);
    const sentShares = await commands.sentShares(() => deliver(gateway, { vendor, load }, OBSERVED));
    const transactionsBefore = await transactionsIn(databaseUrl);
    const deliverAll = async () => {
      const before = (await queues.cpuSeconds()) + serverCpuSeconds(postgres);
      const run = await commands.during(sentShares, () => deliver(gateway, { vendor, load }, count));
      const storesSeconds = (await queues.cpuSeconds()) + serverCpuSeconds(postgres) - before;
      const { perSecond, cpuMs } = run.result;
      const totalCpuMs = cpuMs + (storesSeconds / count) * 1_000;
      return { perSecond, cpuMs, totalCpuMs, commands: run.commands / count };
    };
    const loop = startScript(BARE_LOOP);
    const bareLoop = async () => {
      await vendor.taken();
      const first = takeEvents(count);
      const request = { url: vendor.url, first, count, concurrency: CONCURRENCY };
      /** @type {import('../programs/http2-loop.mjs').Result} */
      const { tookMs, cpuSeconds } = await hear(loop, request);
      checkSent(first, count, (await vendor.taken()).events);
      const cpuMs = (cpuSeconds / count) * 1_000;
      return { perSecond: count / (tookMs / 1_000), cpuMs, totalCpuMs: cpuMs, commands: 0 };
    };
    try {
      const candidates = [deliverAll, bareLoop];
      const runs = await takeTurns(candidates, turns, (candidate) => candidate());
      const [own = [], bare = []] = runs.values();
      const ledger = await ledgerSize(databaseUrl);
      await sleep(STATISTICS_DELAY_MS);
      // The warm-up is counted, too.
      const transactions = ((await transactionsIn(databaseUrl)) - transactionsBefore) / (count * (turns + 1));
      const each = (/** @type {'bytes' | 'logged'} */ what) =>
        (ledger[what] - ledgerBefore[what]) / (ledger.notifications - ledgerBefore.notifications) / 1_000;
      const rates = {
        own: own.map(({ perSecond }) => perSecond),
        bare: bare.map(({ perSecond }) => perSecond),
      };
      return {
        figures: [
          { name: 'deliveries, webhook to vendor', values: rates.own, unit: '/s' },
          { name: 'the same messages by a bare HTTP/2 loop', values: rates.bare, unit: '/s' },
          {
            name: 'deliveries : bare loop',
            values: ratios(rates.own, rates.bare),
            unit: '',
            goal: { atLeast: 0.3 },
          },
          {
            name: 'CPU time of api and worker per delivery',
            values: own.map(({ cpuMs }) => cpuMs),
            unit: 'ms',
            goal: { atMost: 0.4 },
          },
          {
            name: 'CPU time of everything per delivery (api, worker, Redis, PostgreSQL)',
            values: own.map(({ totalCpuMs }) => totalCpuMs),
            unit: 'ms',
            goal: { atMost: 0.7 },
          },
          {
            name: 'Redis commands per delivery at full load',
            values: own.map((run) => run.commands),
            unit: '',
            goal: { atMost: 2 },
          },
          { name: 'PostgreSQL transactions per delivery', values: [transactions], unit: '' },
          {
            name: 'CPU time of the bare loop per message',
            values: bare.map(({ cpuMs }) => cpuMs),
            unit: 'ms',
          },
          { name: 'ledger on disk per notification', values: [each('bytes')], unit: 'kB' },
          { name: 'PostgreSQL’s write-ahead log per notification', values: [each('logged')], unit: 'kB' },
        ],
        notes: [
          `Deliveries: ${count.toLocaleString('en')} per run to an FCM that answers after ${LATENCY_MS} ms, up to ${CONCURRENCY} in flight, for gateway and loop alike.`,
          'Redis commands: those that the gateway sends; a script is one, and the commands that it runs are not counted. The share of each command that scripts run is taken from a separate run under `MONITOR`.',
          'PostgreSQL transactions: `xact_commit` of the database over all runs, divided by the deliveries: a statement outside a transaction is one, and so is a transaction of several statements.',
        ],
      };
    } finally {
      await stop(loop);
    }
  });
}
