import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from './api-error.js';
import { call } from './client.js';
import { refetchWhile, useEvents } from './events.js';
import { queryClient } from './query-client.js';

/** Something that is wrong now. */
export interface Problem {
  readonly kind: string;
  readonly severity: string;
  readonly text: string;
  /** The page about it, below `/admin`. */
  readonly page: string;
}

interface Status {
  readonly problems: readonly Problem[];
}

const KEY = ['status'] as const;

/** Current problems, updated by events; undefined: not known. */
export function useProblems(): readonly Problem[] | undefined {
  const [isKnown, setKnown] = useState(false);
  const live = useEvents(['status'], (_, data) => queryClient.setQueryData(KEY, data), { isOff: !isKnown });
  const status = useQuery({
    queryKey: KEY,
    queryFn: readStatus,
    staleTime: Infinity,
    refetchInterval: refetchWhile(live),
  });
  const isHere = Boolean(status.data);
  if (isHere !== isKnown) setKnown(isHere);
  return status.data?.problems;
}

/** Null: the gateway is older than the route. */
async function readStatus(): Promise<Status | null> {
  try {
    return await call<Status>('/v1/status');
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
