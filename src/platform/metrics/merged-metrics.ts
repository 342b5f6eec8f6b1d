import { AggregatorRegistry, type Registry } from 'prom-client';
import { within } from '../timing/within.js';

/** All metrics of a process at one time, as `Registry.getMetricsAsJSON` returns them. */
export type MetricsSnapshot = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** The other processes of a supervisor, seen from one of them. */
export interface SiblingMetrics {
  /** Returns the metrics of this process when another one is asked for all. */
  onCollect: (() => Promise<MetricsSnapshot>) | undefined;
  /** Merges the metrics of this process with those of the others into Prometheus text. */
  merge(metrics: MetricsSnapshot): Promise<string>;
}

/** A process whose metrics are merged. */
export interface MeasuredProcess {
  collect(): Promise<MetricsSnapshot>;
}

/** Time in ms for which a request for metrics waits for a process. */
const COLLECT_WITHIN_MS = 1_000;

/**
 * Metrics of all processes of a supervisor.
 *
 * Counts never fall: those of processes that have ended stay, and one that does not answer counts with its last answer.
 * A fall would look like a restart of the whole gateway, after which Prometheus counts everything again.
 */
export class MergedMetrics {
  /** The last metrics of each running process. */
  private readonly last = new Map<MeasuredProcess, MetricsSnapshot>();
  /** Counts of processes that have ended. */
  private ended: Promise<MetricsSnapshot> = Promise.resolve([]);

  constructor(private readonly collectWithinMs = COLLECT_WITHIN_MS) {}

  /** Includes a process from now on. */
  add(process: MeasuredProcess): void {
    this.last.set(process, []);
  }

  /** Keeps the last known counts of a process that has ended. */
  remove(process: MeasuredProcess): void {
    const counts = (this.last.get(process) ?? []).filter(({ type }) => isCount(String(type)));
    this.last.delete(process);
    if (counts.length === 0) return;
    this.ended = this.ended.then((sums) => AggregatorRegistry.aggregate([sums, counts]).getMetricsAsJSON());
  }

  /**
   * Merges the metrics of all processes into Prometheus text.
   *
   * @param reader the process that was asked. Metrics with the aggregator `first` are its own.
   * @param metrics all its metrics.
   */
  async read(reader: MeasuredProcess, metrics: MetricsSnapshot): Promise<string> {
    this.record(reader, metrics);
    await Promise.all([...this.last.keys()].filter((one) => one !== reader).map((one) => this.collect(one)));
    const others = [...this.last].filter(([process]) => process !== reader).map(([, snapshot]) => snapshot);
    const ended = this.ended;
    return AggregatorRegistry.aggregate([metrics, ...others, await ended].map(withoutGaps)).metrics();
  }

  private async collect(process: MeasuredProcess): Promise<void> {
    const metrics = await within(this.collectWithinMs, process.collect()).catch(() => undefined);
    if (metrics) this.record(process, metrics);
  }

  private record(process: MeasuredProcess, metrics: MetricsSnapshot): void {
    // It may have ended meanwhile.
    if (this.last.has(process)) this.last.set(process, metrics);
  }
}

const isCount = (type: string): boolean => type === 'counter' || type === 'histogram';

/** Omits values that JSON cannot express, such as the mean event-loop delay before the first measurement. */
function withoutGaps(snapshot: MetricsSnapshot): MetricsSnapshot {
  return snapshot.map((metric) => ({
    ...metric,
    values: metric.values.filter(({ value }) => Number.isFinite(value)),
  }));
}
