import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/client.js';

export interface QueueLoad {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  /** Dead letters. */
  readonly failed: number;
  readonly paused: boolean;
  /** Null: none waits. */
  readonly oldestSeconds: number | null;
  readonly workers: number;
}

const REFRESH_MS = 10_000;

/** The queues, in the order in which a notification passes them. */
export function useQueues() {
  return useQuery({
    queryKey: ['scaling'],
    queryFn: ({ signal }) => call<{ readonly queues: readonly QueueLoad[] }>('/v1/scaling', { signal }),
    refetchInterval: REFRESH_MS,
  });
}
