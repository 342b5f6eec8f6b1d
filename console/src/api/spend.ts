import { useQuery } from '@tanstack/react-query';
import { useAppId } from './app-choice.js';
import { api, bodyOf, type Dto } from './client.js';

export type Spend = Dto<'SpendDto'>;
export type SpendCap = Dto<'SpendCapDto'>;
export type SpendDay = Dto<'SpendDayDto'>;

const REFRESH_MS = 60_000;
const DAY_MS = 86_400_000;

/** @param days the last ones in UTC, including today */
export function useSpend(days: number) {
  const appId = useAppId();
  return useQuery({
    queryKey: ['spend', days, appId],
    queryFn: async ({ signal }) => {
      const query = { from: firstDay(days), ...(appId !== undefined && { appId }) };
      // The type covers its form as CSV, too.
      return (await bodyOf(api.GET('/v1/spend', { params: { query }, signal }))) as Spend;
    },
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
