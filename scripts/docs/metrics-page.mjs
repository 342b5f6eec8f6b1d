import { Metrics } from '../../src/platform/metrics/metrics.js';
import { code, generatedFrom, table } from './markdown.mjs';

/** Process metrics differ between systems. */
const OF_PROCESS = /^bellhop_(process|nodejs)_/;

/** `docs/metrics.md`. */
export async function metricsPage() {
  const { registry } = new Metrics();
  const all = await registry.getMetricsAsJSON();
  const labels = /** @type {Map<string, readonly string[]>} */ (
    new Map(registry.getMetricsAsArray().map((one) => [one.name, Reflect.get(one, 'labelNames') ?? []]))
  );
  const rows = all
    .filter(({ name }) => !OF_PROCESS.test(name))
    .map(({ name, type, help, aggregator }) => [
      code(name),
      String(type),
      (labels.get(name) ?? []).map(code).join(', '),
      aggregator === 'first' ? 'shared' : aggregator,
      help,
    ])
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return [
    generatedFrom('src/platform/metrics/metrics.ts'),
    '# Metrics',
    'Prometheus text at `/metrics`, for each process separately. Metrics of the process itself, such as CPU time, memory and event-loop delay, begin with `bellhop_process_` and `bellhop_nodejs_`.',
    table(['metric', 'type', 'labels', 'several processes', 'meaning'], rows),
    '## Several processes',
    'With [`PROCESSES`](scaling.md#more-cores), every process answers for all of them; the column tells how. `sum`: added up. `max`: the largest value. `shared`: all processes read it from a store, and the one that answers has just done so.',
    [
      '- CPU time, memory, handles and garbage collection are added up; quantiles of the event-loop delay are averages over the processes, its extremes the smallest and the largest. `bellhop_process_start_time_seconds` is left out. The supervisor itself is not included.',
      '- Counts never fall when a process dies: the last known ones of processes that have ended stay. A process that does not answer within a second counts with its last answer. Events between the last request and a crash are lost, as with any process.',
      '- `bellhop_processes` is the number of running processes. Alert while it is below `PROCESSES`.',
    ].join('\n'),
  ].join('\n\n');
}
