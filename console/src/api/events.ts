import { useEffect, useEffectEvent, useState } from 'react';

export type Topic = 'notifications' | 'sandbox' | 'status';
/** What a topic's events are called. */
export type EventName = 'notification' | 'sandbox' | 'status';

/** `polling`: no stream can be opened, so pages ask again from time to time. */
export type LiveState = 'connecting' | 'live' | 'polling';

/** Interval of pages that have no stream, in ms. */
export const POLL_MS = 10_000;
/** Attempts without an opened stream before pages poll. */
const ATTEMPTS_BEFORE_POLLING = 3;

interface EventOptions {
  readonly appId?: string | undefined;
  readonly isOff?: boolean;
}

/**
 * Receives server-sent events of the gateway while the tab is visible: at most one stream per component, closed while
 * the tab is hidden.
 *
 * @param onEvent given the event's name and its parsed data
 * @returns whether events arrive; while `polling`, refetch each `POLL_MS`
 */
export function useEvents(
  topics: readonly Topic[],
  onEvent: (name: EventName, data: unknown) => void,
  options: EventOptions = {},
): LiveState {
  const [state, setState] = useState<LiveState>('connecting');
  const isVisible = useVisible();
  const receive = useEffectEvent(onEvent);
  const { appId, isOff = false } = options;
  const names = topics.join(',');

  useEffect(() => {
    if (!isVisible || isOff) return;
    const query = new URLSearchParams({ topics: names, ...(appId !== undefined && { appId }) });
    const source = new EventSource(`/v1/events?${query.toString()}`);
    let failures = 0;
    source.addEventListener('open', () => {
      failures = 0;
      setState('live');
    });
    source.addEventListener('error', () => {
      failures += 1;
      const isRefused = source.readyState === EventSource.CLOSED;
      setState(isRefused || failures >= ATTEMPTS_BEFORE_POLLING ? 'polling' : 'connecting');
    });
    for (const name of ['notification', 'sandbox', 'status'] as const)
      source.addEventListener(name, (event: MessageEvent<string>) => receive(name, JSON.parse(event.data)));
    return () => source.close();
  }, [names, appId, isVisible, isOff]);

  return state;
}

/** The `refetchInterval` of a query whose changes also arrive as events. */
export const refetchWhile = (state: LiveState): number | false => (state === 'polling' ? POLL_MS : false);

function useVisible(): boolean {
  const [isVisible, setVisible] = useState(!document.hidden);
  useEffect(() => {
    const update = () => setVisible(!document.hidden);
    document.addEventListener('visibilitychange', update);
    return () => document.removeEventListener('visibilitychange', update);
  }, []);
  return isVisible;
}
