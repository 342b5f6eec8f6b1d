import { describe, expect, it } from '@jest/globals';
import { MergedMetrics, type MeasuredProcess, type MetricsSnapshot } from './merged-metrics.js';
import { MergedMetricsReader } from './metrics-reader.js';
import { Metrics } from './metrics.js';

const ACCEPTED = { route: 'push', answer: 'accepted' };
const WAITING = { queue: 'push', state: 'waiting' };
const ACCOUNT = { app: 'a', channel: 'push', provider: 'fcm' };

describe('the metrics of several processes', () => {
  it('add up counters, histograms and spools, and count the processes', async () => {
    const { one, two } = pair();
    one.metrics.webhooks.inc(ACCEPTED, 3);
    two.metrics.webhooks.inc(ACCEPTED, 4);
    two.metrics.webhooks.inc({ ...ACCEPTED, answer: 'duplicate' });
    for (const { metrics } of [one, two]) {
      metrics.spoolEvents.set(5);
      metrics.secondsToVendor.observe({ channel: 'push', kind: 'chat' }, 0.2);
    }
    const text = await one.reader.read();
    expect(text).toContain('bellhop_webhooks_total{route="push",answer="accepted"} 7\n');
    expect(text).toContain('bellhop_webhooks_total{route="push",answer="duplicate"} 1\n');
    expect(text).toContain('bellhop_spool_events 10\n');
    expect(text).toMatch(/bellhop_webhook_to_vendor_seconds_bucket\{le="0.25",[^}]*\} 2\n/);
    expect(text).toMatch(/bellhop_webhook_to_vendor_seconds_bucket\{le="0.1",[^}]*\} 0\n/);
    expect(text).toMatch(/bellhop_webhook_to_vendor_seconds_count\{[^}]*\} 2\n/);
    expect(text).toContain('bellhop_processes 2\n');
  });

  it('take what all processes share from the one that was asked, as the others may be out of date', async () => {
    const { one, two } = pair();
    one.metrics.queuedJobs.set(WAITING, 5);
    two.metrics.queuedJobs.set(WAITING, 900);
    two.metrics.queuedJobs.set({ ...WAITING, state: 'failed' }, 1);
    const text = await one.reader.read();
    expect(text).toContain('bellhop_queue_jobs{queue="push",state="waiting"} 5\n');
    expect(text).not.toContain('state="failed"');
  });

  it('show the worst state of a circuit breaker, and the last time of an alert', async () => {
    const { one, two } = pair();
    one.metrics.providerState.set(ACCOUNT, 0);
    two.metrics.providerState.set(ACCOUNT, 2);
    one.metrics.lastPumping.set({ app: 'a' }, 2_000);
    two.metrics.lastPumping.set({ app: 'a' }, 1_000);
    const text = await one.reader.read();
    expect(text).toContain('bellhop_provider_state{app="a",channel="push",provider="fcm"} 2\n');
    expect(text).toContain('bellhop_sms_pumping_last_suspected_timestamp_seconds{app="a"} 2000\n');
  });

  it('keep the counts of processes that have ended, and nothing else of them', async () => {
    const { merged, one, two } = pair();
    one.metrics.webhooks.inc(ACCEPTED, 3);
    two.metrics.webhooks.inc(ACCEPTED, 4);
    two.metrics.spoolEvents.set(5);
    await one.reader.read();
    merged.remove(two.process);
    const three = start(merged);
    three.metrics.webhooks.inc(ACCEPTED, 10);
    await one.reader.read();
    merged.remove(three.process);
    const text = await one.reader.read();
    expect(text).toContain('bellhop_webhooks_total{route="push",answer="accepted"} 17\n');
    expect(text).toContain('bellhop_spool_events 0\n');
    expect(text).toContain('bellhop_processes 1\n');
  });

  it('use the last counts of a process that does not answer', async () => {
    const { one, two } = pair();
    two.metrics.webhooks.inc(ACCEPTED, 4);
    await one.reader.read();
    two.process.collect = () => new Promise<never>(() => undefined);
    expect(await one.reader.read()).toContain('bellhop_webhooks_total{route="push",answer="accepted"} 4\n');
  });

  it('omit values that a message between processes cannot express', async () => {
    const { one, two } = pair();
    two.process.collect = async () =>
      JSON.parse(
        JSON.stringify([
          {
            name: 'bellhop_lag',
            help: 'Lag.',
            type: 'gauge',
            aggregator: 'min',
            values: [{ value: NaN, labels: {} }],
          },
        ]),
      ) as MetricsSnapshot;
    expect(await one.reader.read()).not.toMatch(/^bellhop_lag /m);
  });
});

/** Two processes whose metrics are merged. */
function pair() {
  const merged = new MergedMetrics(100);
  return { merged, one: start(merged), two: start(merged) };
}

function start(merged: MergedMetrics) {
  const metrics = new Metrics();
  const process: MeasuredProcess = { collect: async () => (await siblings.onCollect?.()) ?? [] };
  const siblings: ConstructorParameters<typeof MergedMetricsReader>[1] = {
    onCollect: undefined,
    merge: (snapshot) => merged.read(process, snapshot),
  };
  const reader = new MergedMetricsReader(metrics, siblings);
  merged.add(process);
  return { metrics, process, reader };
}
