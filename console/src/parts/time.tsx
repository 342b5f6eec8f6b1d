import { formatRelative, formatTime, formatUtc } from './format.js';
import { useNow } from './use-now.js';

/** Interval of relative times, in ms. */
const TICK_MS = 10_000;

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
  const nowMs = useNow(TICK_MS);
  const atMs = moment.getTime();
  return formatRelative(moment, atMs <= Date.now() ? Math.max(nowMs, atMs) : nowMs);
}
