import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from './client.js';
import { refetchWhile, useEvents } from './events.js';
import { queryClient } from './query-client.js';

/** Something that is wrong now. Its page is below `/admin`. */
export type Problem = Dto<'StatusProblemDto'>;

const KEY = ['status'] as const;

/** Current problems, updated by events. */
export function useStatus() {
  const live = useEvents(['status'], (_, data) => queryClient.setQueryData(KEY, data));
  return useQuery({
    queryKey: KEY,
    queryFn: () => bodyOf(api.GET('/v1/status')),
    staleTime: Infinity,
    refetchInterval: refetchWhile(live),
  });
}

/** Current problems; undefined: not known. */
export const useProblems = (): readonly Problem[] | undefined => useStatus().data?.problems;
