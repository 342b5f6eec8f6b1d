import { useQuery } from '@tanstack/react-query';
import { useAppId } from './app-choice.js';
import { call } from './client.js';

/** Something that is wrong now. */
export interface Problem {
  readonly kind: string;
  readonly severity: string;
  readonly text: string;
  /** Below `/admin`. */
  readonly page: string;
}

const REFRESH_MS = 10_000;

/** What is wrong now, errors first. */
export function useStatus() {
  const appId = useAppId();
  return useQuery({
    queryKey: ['status', appId],
    queryFn: ({ signal }) =>
      call<{ readonly problems: readonly Problem[] }>('/v1/status', { query: { appId }, signal }),
    refetchInterval: REFRESH_MS,
  });
}
