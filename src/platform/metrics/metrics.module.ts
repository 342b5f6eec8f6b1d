import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { SiblingMetrics } from './merged-metrics.js';
import { MergedMetricsReader, MetricsReader, OwnMetricsReader } from './metrics-reader.js';
import { Metrics } from './metrics.js';

@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class MetricsModule {
  /** @param siblings the other processes of a supervisor; undefined: this process has none. */
  static with(siblings: SiblingMetrics | undefined): DynamicModule {
    const reader = {
      provide: MetricsReader,
      useFactory: (metrics: Metrics): MetricsReader =>
        siblings ? new MergedMetricsReader(metrics, siblings) : new OwnMetricsReader(metrics),
      inject: [Metrics],
    };
    return { module: MetricsModule, providers: [reader], exports: [MetricsReader] };
  }
}
