import type { SpendDay } from '../../api/spend.js';
import { formatMoney } from '../format.js';

export interface SpendSum {
  readonly segments: number;
  /** By currency. */
  readonly costs: ReadonlyMap<string, number>;
}

export function sumOf(days: readonly SpendDay[]): SpendSum {
  const costs = new Map<string, number>();
  for (const { cost, currency } of days)
    if (cost !== null && currency !== null) costs.set(currency, (costs.get(currency) ?? 0) + cost);
  return { segments: days.reduce((sum, { segments }) => sum + segments, 0), costs };
}

/** "$12.00 + €3.00"; undefined: no price is configured. */
export function costText({ costs }: SpendSum): string | undefined {
  if (costs.size === 0) return undefined;
  return [...costs].map(([currency, cost]) => formatMoney(cost, currency)).join(' + ');
}

/** Cost of one row. */
export const costOf = (row: { readonly cost: number | null; readonly currency: string | null }): string =>
  row.cost === null || row.currency === null ? '–' : formatMoney(row.cost, row.currency);
