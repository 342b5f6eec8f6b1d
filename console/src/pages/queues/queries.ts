import { useQuery } from '@tanstack/react-query';
import { api, bodyOf, type Dto } from '../../api/client.js';

export type QueueLoad = Dto<'QueueLoadDto'>;

const REFRESH_MS = 10_000;

/** The queues, in the order in which a notification passes them. */
export function useQueues() {
  return useQuery({
    queryKey: ['scaling'],
    queryFn: ({ signal }) => bodyOf(api.GET('/v1/scaling', { signal })),
    refetchInterval: REFRESH_MS,
  });
}
