import type { ProviderCheck } from '../deliveries/provider-check.repository.js';
import type { Metrics } from '../platform/metrics/metrics.js';

const OK = { ok: 1, unknown: 0.5, failed: 0 } as const;

/** Sets the gauges of the last checks. Accounts that share an id and a type share a series: the worse one shows. */
export function showChecks(metrics: Metrics, checks: readonly ProviderCheck[]): void {
  const { providerCheckOk, providerCheckFailures, providerCheckedAt } = metrics;
  const { providerBalance, clockSkew, credentialExpiry } = metrics;
  for (const gauge of [providerCheckOk, providerCheckFailures, providerCheckedAt]) gauge.reset();
  for (const gauge of [providerBalance, clockSkew, credentialExpiry]) gauge.reset();
  const worstLast = checks.toSorted((a, b) => OK[b.outcome] - OK[a.outcome]);
  for (const check of worstLast) {
    const { appId: app, channel, provider, type, clockSkewMs, caExpiresAt, balance, currency } = check;
    const labels = { app, channel, provider, type };
    providerCheckOk.set(labels, OK[check.outcome]);
    providerCheckFailures.set(labels, check.failures);
    providerCheckedAt.set(labels, check.checkedAt.getTime() / 1_000);
    const amount = Number(balance ?? NaN);
    if (Number.isFinite(amount)) providerBalance.set({ ...labels, currency: currency ?? '' }, amount);
    if (clockSkewMs !== null) clockSkew.set({ app, channel, provider, vendor: type }, clockSkewMs / 1_000);
    if (caExpiresAt) credentialExpiry.set(labels, caExpiresAt.getTime() / 1_000);
  }
}
