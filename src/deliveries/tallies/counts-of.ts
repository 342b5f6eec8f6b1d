import { canonicalJson } from '../../domain/canonical-json.js';
import type { Metrics } from '../../platform/metrics/metrics.js';
import { declarationOf, type Measure } from './measures.js';

/** A series and its count since the process started. */
export interface Count {
  readonly measure: Measure;
  /** Empty: no single app. */
  readonly appId: string;
  /** The further labels as canonical JSON. */
  readonly labels: string;
  /** A whole number; amounts are in millionths. */
  readonly n: number;
}

type Labels = Readonly<Partial<Record<string, string | number>>>;
interface Value {
  readonly value: number;
  readonly labels: Labels;
  readonly metricName?: string | undefined;
}
interface Metric {
  get(): Promise<{ values: readonly Value[] }>;
}

const MICROS = 1_000_000;

/** Reads the counters of this process. Their labels come from closed lists and the configuration, so series are few. */
export async function countsOf(metrics: Metrics): Promise<Count[]> {
  const counts = await Promise.all([
    counter('webhooks', metrics.webhooks),
    counter('attempts', metrics.attempts),
    buckets('attempt_seconds', metrics.attemptSeconds),
    counter('deliveries', metrics.deliveries),
    buckets('latency', metrics.secondsToVendor),
    counter('spool', metrics.spooled),
    counter('retired', metrics.devicesRetired),
    counter('sms_segments', metrics.smsSegments),
    counter('sms_cost', metrics.smsCost),
  ]);
  return counts.flat();
}

async function counter(measure: Measure, metric: Metric): Promise<Count[]> {
  const factor = declarationOf(measure).isAmount ? MICROS : 1;
  const { values } = await metric.get();
  return values.map(({ labels, value }) => count(measure, labels, Math.round(value * factor)));
}

/** One series per bucket, named by its upper bound `le`. Prometheus' buckets include all lower ones; these do not. */
async function buckets(measure: Measure, metric: Metric): Promise<Count[]> {
  const { values } = await metric.get();
  const below = new Map<string, number>();
  return values
    .filter(({ metricName }) => metricName?.endsWith('_bucket'))
    .map(({ labels, value }) => {
      const series = canonicalJson({ ...labels, le: undefined });
      const n = value - (below.get(series) ?? 0);
      below.set(series, value);
      return count(measure, labels, n);
    });
}

function count(measure: Measure, { app = '', ...labels }: Labels, n: number): Count {
  const texts = Object.entries(labels).map(([name, value]) => [name, String(value)]);
  return { measure, appId: String(app), labels: canonicalJson(Object.fromEntries(texts)), n };
}
