import { useEffect, useEffectEvent, useState } from 'react';
import { eventHub, type EventName, type LiveState, type Topic } from './event-hub.js';

export type { LiveState } from './event-hub.js';

/** Interval of pages that have no stream, in ms. */
export const POLL_MS = 10_000;

interface EventOptions {
  /** Only events of this app. */
  readonly appId?: string | undefined;
  readonly isOff?: boolean;
}

/**
 * Receives server-sent events of the gateway while the tab is visible. All components of the tab share one stream.
 *
 * @param onEvent given the event's name and its parsed data
 * @returns whether events arrive; pass it to `refetchWhile`
 */
export function useEvents(
  topics: readonly Topic[],
  onEvent: (name: EventName, data: unknown) => void,
  { appId, isOff = false }: EventOptions = {},
): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const receive = useEffectEvent(onEvent);
  const names = topics.join(',');
  useEffect(() => {
    if (isOff) return;
    return eventHub.subscribe({
      topics: names.split(',') as Topic[],
      appId,
      onEvent: (name, data) => receive(name, data),
      onState: setState,
    });
  }, [names, appId, isOff]);
  return state;
}

/** The `refetchInterval` of a query whose changes also arrive as events. */
export const refetchWhile = (state: LiveState): number | false => (state === 'polling' ? POLL_MS : false);
