import { acknowledgedOf, checkDelivered } from './checks.mjs';

/** Connections of the load generator. */
const CONNECTIONS = 50;

/**
 * Result of one run.
 *
 * @typedef {object} Delivered
 * @property {number} perSecond from the first webhook to the last message that the vendor accepted
 * @property {number} deliveries
 * @property {number} cpuMs CPU time of the gateway's processes per delivery
 */

/**
 * A gateway that delivers.
 *
 * @typedef {object} Delivering
 * @property {string} url
 * @property {number} people
 * @property {number} cpuSeconds
 * @property {Pick<import('./queues.mjs').Queues, 'untilEmpty'>} queues
 */

/**
 * Posts webhooks as fast as possible and waits until the vendor has accepted them all.
 *
 * @param {Delivering} gateway with a worker
 * @param {Pick<import('../bench/bench.mjs').Bench, 'vendor' | 'load'>} bench
 * @param {number} count
 * @returns {Promise<Delivered>}
 */
export async function deliver(gateway, { vendor, load }, count) {
  const { url, people, queues } = gateway;
  await vendor.taken();
  const cpuBefore = gateway.cpuSeconds;
  const posted = await load.post({ url, people, connections: CONNECTIONS, count });
  await vendor.until(acknowledgedOf(posted));
  await queues.untilEmpty();
  const cpu = gateway.cpuSeconds - cpuBefore;
  const { events, at } = await vendor.taken();
  checkDelivered([posted], events);
  const lastAt = at.at(-1) ?? Number.NaN;
  return {
    deliveries: events.length,
    perSecond: events.length / ((lastAt - posted.startedAt) / 1_000),
    cpuMs: (cpu / events.length) * 1_000,
  };
}
