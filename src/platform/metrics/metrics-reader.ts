import type { SiblingMetrics } from './merged-metrics.js';
import type { Metrics } from './metrics.js';

/** Reads the metrics as Prometheus text. */
export abstract class MetricsReader {
  abstract read(): Promise<string>;
}

/** Metrics of this process alone. */
export class OwnMetricsReader extends MetricsReader {
  constructor(private readonly metrics: Metrics) {
    super();
  }

  read(): Promise<string> {
    return this.metrics.registry.metrics();
  }
}

/** Metrics of all processes of a supervisor. */
export class MergedMetricsReader extends MetricsReader {
  constructor(
    private readonly metrics: Metrics,
    private readonly siblings: SiblingMetrics,
  ) {
    super();
    // The others set what all share when they were last asked themselves, so theirs may be old.
    siblings.onCollect = async () =>
      (await metrics.registry.getMetricsAsJSON()).filter(({ aggregator }) => aggregator !== 'first');
  }

  async read(): Promise<string> {
    return this.siblings.merge(await this.metrics.registry.getMetricsAsJSON());
  }
}
