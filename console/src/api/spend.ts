import { useQuery } from '@tanstack/react-query';
import { useAppId } from './app-choice.js';
import { call } from './client.js';

/** A limit of an app, with what it has spent this month. */
export interface SpendCap {
  readonly appId: string;
  /** The setting in `sms.guard`, such as `perAppPerMonth.money`. */
  readonly scope: string;
  readonly spent: number;
  readonly cap: number;
  /** Null: the limit is a number of SMS. */
  readonly currency: string | null;
  readonly resetsAt: string;
}

/** SMS of a day in UTC through one provider to one country. */
export interface SpendDay {
  readonly day: string;
  readonly appId: string;
  readonly provider: string;
  readonly country: string | null;
  readonly segments: number;
  readonly cost: number | null;
  readonly currency: string | null;
}

export interface Spend {
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  readonly caps: readonly SpendCap[];
  readonly days: readonly SpendDay[];
  readonly stopped: readonly { readonly appId: string; readonly prefix: string; readonly since: string }[];
  readonly topUsers: readonly {
    readonly appId: string;
    readonly uid: string;
    readonly segments: number;
    readonly cost: number | null;
    readonly currency: string | null;
  }[];
  readonly topUsersSince: string;
}

const REFRESH_MS = 60_000;
const DAY_MS = 86_400_000;

/** @param days the last ones in UTC, including today */
export function useSpend(days: number) {
  const appId = useAppId();
  return useQuery({
    queryKey: ['spend', days, appId],
    queryFn: ({ signal }) => call<Spend>('/v1/spend', { query: { from: firstDay(days), appId }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

/** The address of the same days as a CSV file. */
export function spendCsvUrl(days: number, appId: string | undefined): string {
  const query = new URLSearchParams({ format: 'csv', from: firstDay(days) });
  if (appId !== undefined) query.set('appId', appId);
  return `/v1/spend?${query.toString()}`;
}

/** Such as 2026-03-01. */
const firstDay = (days: number): string =>
  new Date(Date.now() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
