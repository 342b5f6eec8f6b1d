import { lengthOf, type Filters } from './filters.js';
import type { Row } from './queries.js';

/** Whether rows tell all that the filters ask. */
export const rowsTell = ({ tag, sessionId, hasDuplicate, replayId }: Filters): boolean =>
  [tag, sessionId, hasDuplicate, replayId].every((filter) => filter === undefined);

/** Whether a notification that just came matches the filters, as far as its row tells. */
export function matches(row: Row, filters: Filters): boolean {
  const { status, kind, channel, source, uid } = filters;
  return (
    isOne(status, row.status) &&
    isOne(kind, row.kind) &&
    isOne(channel, row.channel) &&
    isOne(source, row.source) &&
    isOne(uid?.toLowerCase(), row.uid) &&
    isInTime(row, filters) &&
    ofDeliveries(row, filters)
  );
}

const isOne = (wanted: string | undefined, value: string | null): boolean =>
  wanted === undefined || wanted === value;

function isInTime({ receivedAt, settledAt }: Row, { from, to, slowerThanMs, span }: Filters): boolean {
  const at = Date.parse(receivedAt);
  const length = lengthOf(span);
  const tookMs = (settledAt === null ? Date.now() : Date.parse(settledAt)) - at;
  return (
    (from === undefined || at >= Date.parse(from)) &&
    (to === undefined || at < Date.parse(to)) &&
    (length === undefined || at >= Date.now() - length) &&
    (slowerThanMs === undefined || tookMs > Number(slowerThanMs))
  );
}

function ofDeliveries({ deliveries }: Row, { reason, provider, outcome }: Filters): boolean {
  const attempts = deliveries.flatMap((delivery) => delivery.attempts);
  const ofProvider = attempts.filter((attempt) => isOne(provider, attempt.provider));
  return (
    (reason === undefined || deliveries.some((delivery) => delivery.reason === reason)) &&
    (outcome === undefined || ofProvider.some((attempt) => attempt.outcome === outcome)) &&
    (provider === undefined ||
      ofProvider.length > 0 ||
      (outcome === undefined && deliveries.some((delivery) => delivery.provider === provider)))
  );
}
