import { useSyncExternalStore } from 'react';
import { formatRelative, formatTime, formatUtc } from './format.js';

interface TimeProps {
  /** ISO 8601, as the API gives it. */
  readonly at: string;
  readonly isRelative?: boolean;
}

/** A time in the browser's zone, or relative to now; the title shows UTC. */
export function Time({ at, isRelative = false }: TimeProps) {
  const moment = new Date(at);
  return (
    <time dateTime={at} title={formatUtc(moment)}>
      {isRelative ? <Ago moment={moment} /> : formatTime(moment)}
    </time>
  );
}

/** An event since the clock's last step is not in the future. */
function Ago({ moment }: { readonly moment: Date }) {
  const nowMs = useNow();
  const atMs = moment.getTime();
  return formatRelative(moment, atMs <= Date.now() ? Math.max(nowMs, atMs) : nowMs);
}

/** One clock for all relative times of the page, in steps of ten seconds. */
const TICK_MS = 10_000;
const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    nowMs = Date.now();
    timer = setInterval(tick, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  nowMs = Date.now();
  for (const listener of listeners) listener();
}
