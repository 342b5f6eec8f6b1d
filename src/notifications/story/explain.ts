import type { NotificationRecord } from '../../deliveries/notification.repository.js';
import { DEAD_ADDRESS_REASONS, REASONS, type Reason } from '../../domain/reason.js';
import { explanationOf, type CodeOrigin } from '../../providers/explanations.js';
import type { DetailsDto, ExplanationDto } from './story.dto.js';
import { REASON_FIXES } from './reason-explanations.js';
import { SENT_EXPLANATIONS } from './sent-explanations.js';
import type { AttemptRecord, DeliveryRecord, StoryFacts } from './story-facts.js';

const NOTHING: DetailsDto = { cause: null, fix: null, link: null };

/** Says in a few sentences what became of a notification, why, and what to do. */
export function explain(record: NotificationRecord, facts: StoryFacts): ExplanationDto {
  const { status } = record.notification;
  const decisive = record.deliveries.filter(({ delivery }) => delivery.status === status);
  const [first] = decisive;
  const summary = summaryOf(record, decisive);
  if (!first) return { summary, ...NOTHING };
  return { summary, ...detailsOf(first, facts) };
}

function summaryOf(
  { notification, deliveries }: NotificationRecord,
  decisive: readonly DeliveryRecord[],
): string {
  const of = deliveries.length > 1 ? `${decisive.length} of ${deliveries.length} deliveries` : 'it';
  const reasons = [...new Set(decisive.flatMap(({ delivery }) => delivery.reason ?? []))];
  const because = reasons.map(meaningOf).join(' ');
  switch (notification.status) {
    case 'delivered':
      return deliveries.length > 1
        ? `Delivered: the vendor confirms ${of}.`
        : 'Delivered: the vendor confirms it.';
    case 'sent':
      return `Sent: the vendor has accepted ${of}. Only the phone knows whether it was shown.`;
    case 'queued':
      return `Not sent yet: ${deliveries.length > 1 ? `${of} wait` : 'it waits'}. ${because}`.trim();
    case 'expired':
      return `Not sent in time. ${because}`.trim();
    case 'skipped':
      return `Not sent. ${because}`.trim();
    default:
      return `Not delivered. ${because}`.trim();
  }
}

const meaningOf = (reason: string): string =>
  Object.hasOwn(REASONS, reason) ? REASONS[reason as Reason].meaning : reason;

/** Cause and remedy of what became of a delivery. */
export function detailsOf(record: DeliveryRecord, facts: StoryFacts): DetailsDto {
  const { delivery, attempts } = record;
  const last = attempts.at(-1);
  if (delivery.status === 'sent') return (delivery.kind && SENT_EXPLANATIONS[delivery.kind]) || NOTHING;
  if (delivery.status === 'delivered') return NOTHING;
  const coded = last && (reportDetails(record, last, facts) ?? attemptDetails(record, last, facts));
  return coded ?? { cause: lastDeviceOf(delivery.reason, facts), fix: fixOf(delivery.reason), link: null };
}

/** Meaning of the vendor's code of an attempt; undefined if it has none, or another cause than the code ended it. */
export function attemptDetails(
  record: DeliveryRecord,
  attempt: AttemptRecord,
  facts: StoryFacts,
): DetailsDto | undefined {
  const isLast = attempt === record.attempts.at(-1);
  if (attempt.vendorCode === null || (isLast && HAVE_OWN_CAUSE.has(record.delivery.reason))) return undefined;
  return ofCode(record, { attempt, code: attempt.vendorCode, origin: 'attempt' }, facts);
}

/** Meaning of the code of a delivery report of failure. */
export function reportDetails(
  record: DeliveryRecord,
  attempt: AttemptRecord,
  facts: StoryFacts,
): DetailsDto | undefined {
  const { receiptStatus, receiptCode: code } = attempt;
  if (receiptStatus !== 'failed' || code === null) return undefined;
  return ofCode(record, { attempt, code, origin: 'report' }, facts);
}

const fixOf = (reason: string | null): string | null =>
  (reason === null ? undefined : REASON_FIXES[reason as Reason]) ?? null;

/** Reasons that the vendor's code of an earlier attempt does not explain. */
const HAVE_OWN_CAUSE: ReadonlySet<string | null> = new Set([
  'call_over',
  'set_aside',
  'device_unregistered',
  'number_withdrawn',
]);

interface Coded {
  readonly attempt: AttemptRecord;
  readonly code: string;
  readonly origin: CodeOrigin;
}

/** The remedy of the last attempt may be that of the delivery's reason. */
function ofCode(
  { delivery, attempts }: DeliveryRecord,
  { attempt, code, origin }: Coded,
  facts: StoryFacts,
): DetailsDto | undefined {
  const { type, settings } = facts.providerOf(delivery, attempt.provider);
  const found = explanationOf(type, code, origin);
  if (!found) return undefined;
  const environment = environmentOf(delivery.address);
  const detail = found.detail?.({ kind: delivery.kind ?? type, environment, settings });
  const fix = found.fix ?? (attempt === attempts.at(-1) ? fixOf(delivery.reason) : null);
  return { cause: detail ? `${found.cause} ${detail}` : found.cause, fix, link: found.link };
}

function environmentOf(address: unknown): string | undefined {
  if (typeof address !== 'object' || address === null || !('environment' in address)) return undefined;
  return typeof address.environment === 'string' ? address.environment : undefined;
}

/** Why the recipient has no device, if one was retired. */
function lastDeviceOf(reason: string | null, { lastRetired }: StoryFacts): string | null {
  if (reason !== 'no_device' || !lastRetired) return null;
  const { kind, retiredAt, reason: why, code } = lastRetired;
  const said = DEAD_ADDRESS_REASONS.includes(why as Reason) ? 'its vendor reported the token dead' : why;
  return `The last device of the user (${kind}) was retired on ${retiredAt.toISOString()}: ${said}${code === null ? '' : ` (${code})`}.`;
}
