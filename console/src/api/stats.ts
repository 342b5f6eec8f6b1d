import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useAppId } from './app-choice.js';
import { api, bodyOf, type Dto } from './client.js';
import { momentsOf, type Span } from './span.js';

export type Stats = Dto<'StatsDto'>;
export type Series = Dto<'SeriesDto'>;

/** Interval at which a page that shows the present asks again, in ms; only while it is visible. */
export const REFRESH_MS = 10_000;

interface StatsRequest {
  readonly measures: readonly string[];
  /** Labels to keep. */
  readonly by: readonly string[];
}

/** Counts over a span, of the chosen app; those that are of all apps are of all apps. */
export function useStats(span: Span, { measures, by }: StatsRequest) {
  const appId = useAppId();
  return useQuery({
    queryKey: ['stats', span, measures, by, appId],
    queryFn: async ({ signal }) => {
      const { fromMs, toMs, stepSeconds } = momentsOf(span, Date.now());
      const query = {
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        step: stepSeconds,
        measure: measures.join(','),
        by: by.join(','),
        ...(appId !== undefined && { appId }),
      };
      return bodyOf(api.GET('/v1/stats', { params: { query }, signal }));
    },
    refetchInterval: span.isLive ? REFRESH_MS : false,
    placeholderData: keepPreviousData,
  });
}
