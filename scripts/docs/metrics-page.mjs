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
    .map(({ name, type, help }) => [
      code(name),
      String(type),
      (labels.get(name) ?? []).map(code).join(', '),
      help,
    ])
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return [
    generatedFrom('src/platform/metrics/metrics.ts'),
    '# Metrics',
    'Prometheus text at `/metrics`, for each process separately. Metrics of the process itself, such as CPU time, memory and event-loop delay, begin with `bellhop_process_` and `bellhop_nodejs_`.',
    table(['metric', 'type', 'labels', 'meaning'], rows),
  ].join('\n\n');
}
