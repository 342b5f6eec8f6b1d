import type { LeftOut, PlanNotes } from '../../deliveries/records.js';
import type { NotificationRecord } from '../../deliveries/notification.repository.js';
import { REASONS, type Reason } from '../../domain/reason.js';
import { attemptDetails, detailsOf, reportDetails } from './explain.js';
import type { DetailsDto, TimelineEventDto } from './story.dto.js';
import type { AttemptRecord, DeliveryRecord, StoryFacts } from './story-facts.js';

type Event = TimelineEventDto;
/** An event that needs no explanation. */
type Plain = Omit<Event, 'explanation'>;

const plain = (event: Plain): Event => ({ ...event, explanation: null });

/** Tells the events of a notification in their order. Times by a vendor's clock may differ a little from ours. */
export function timelineOf({ notification, deliveries }: NotificationRecord, facts: StoryFacts): Event[] {
  const { receivedAt, plannedAt, plan } = notification;
  const events: Event[] = [receivedEvent(notification)];
  const notes = (plan ?? { rules: [], leftOut: [] }) as unknown as PlanNotes;
  // Earlier versions did not record the time of planning.
  events.push(plannedEvent(plannedAt ?? receivedAt, deliveries.length, notes));
  if (notes.notBefore !== undefined)
    events.push(heldEvent(plannedAt ?? receivedAt, new Date(notes.notBefore)));
  for (const delivery of deliveries) events.push(...deliveryEvents(delivery, facts));
  if (facts.seenAt)
    events.push(
      plain({
        at: facts.seenAt,
        event: 'seen',
        deliveryId: null,
        text: 'Seen on a device of the user.',
        data: {},
      }),
    );
  return events
    .map((event, index) => ({ event, index }))
    .sort((a, b) => a.event.at.getTime() - b.event.at.getTime() || a.index - b.index)
    .map(({ event }) => event);
}

const RECEIVED_AS: Readonly<Record<string, string>> = {
  webhook: 'Received as a webhook of CometChat',
  api: 'Requested by the API',
  resend: 'Resent by the API',
  replay: 'Sent again by a replay',
  test: 'Sent as a test',
  reply: 'Sent in reply to an inbound SMS',
};

/** The first event, also of a notification that is not planned yet. */
export function receivedEvent(given: {
  readonly receivedAt: Date;
  readonly source: string | null;
  readonly receivedBy: string | null;
  readonly originId: string | null;
}): Event {
  const { receivedAt: at, source, receivedBy, originId } = given;
  const how = (source && RECEIVED_AS[source]) ?? 'Received';
  const by = receivedBy === null ? '' : `, by ${receivedBy}`;
  const of = originId === null ? '' : `; repeats ${originId}`;
  return plain({
    at,
    event: 'received',
    deliveryId: null,
    text: `${how}${by}${of}.`,
    data: { source, receivedBy, originId },
  });
}

const LEFT_OUT_BECAUSE: Readonly<Record<LeftOut, string>> = {
  not_targeted: 'not among the devices that it is for',
  voip_rings_only: 'a VoIP token, which only rings',
  rings_by_voip: 'the VoIP token of the same phone rings',
};

function plannedEvent(at: Date, deliveries: number, { rules, leftOut }: PlanNotes): Event {
  const sentences = [`Planned ${deliveries === 1 ? 'one delivery' : `${deliveries} deliveries`}.`];
  if (rules.length > 0) sentences.push(`Rules that matched: ${rules.join(', ')}.`);
  for (const { kind, deviceId, why } of leftOut)
    sentences.push(`Left out the ${kind} device ${deviceId}: ${LEFT_OUT_BECAUSE[why]}.`);
  const text = sentences.join(' ');
  return plain({ at, event: 'planned', deliveryId: null, text, data: { rules, leftOut } });
}

function heldEvent(at: Date, until: Date): Event {
  const text = 'Held back by the delay of a rule, or until the digest push of its conversation is due.';
  return plain({ at, event: 'held', deliveryId: null, text, data: { until } });
}

function deliveryEvents(record: DeliveryRecord, facts: StoryFacts): Event[] {
  const { delivery, attempts } = record;
  const events = attempts.flatMap((attempt) => attemptEvents(record, attempt, facts));
  const { id: deliveryId, status, reason, settledAt } = delivery;
  if (status === 'queued') {
    events.push(plain({ deliveryId, ...waitOf(delivery, facts) }));
  } else if (settledAt && status !== 'sent' && status !== 'delivered') {
    const at = lastOf([settledAt, ...attempts.flatMap(({ receiptAt }) => receiptAt ?? [])]);
    const text = `${STATUS_WORDS[status] ?? status}. ${meaningOf(reason)}`.trim();
    const explanation = newIn(detailsOf(record, facts), events);
    events.push({ at, event: status, deliveryId, text, data: { reason }, explanation });
  }
  return events;
}

/** An explanation that no earlier event of the delivery gives; null if it says nothing. */
function newIn(details: DetailsDto, earlier: readonly Event[]): DetailsDto | null {
  const isSaid = earlier.some(({ explanation }) => explanation?.cause === details.cause);
  return isSaid || (details.cause ?? details.fix) === null ? null : details;
}

const meaningOf = (reason: string | null): string =>
  reason !== null && Object.hasOwn(REASONS, reason) ? REASONS[reason as Reason].meaning : '';

/** The wait of a queued delivery. */
function waitOf(
  { reason, retryAt, provider }: DeliveryRecord['delivery'],
  { now, heldAccounts }: StoryFacts,
): Omit<Plain, 'deliveryId'> {
  const wait = { at: now, event: 'waiting', data: {} };
  if (reason === 'set_aside') return { ...wait, text: meaningOf(reason), data: { reason } };
  if (retryAt && retryAt > now)
    return { ...wait, at: retryAt, event: 'next_attempt', text: 'The next attempt is due.' };
  const held = heldAccounts.find((account) => isAccountOf(account.provider, provider));
  if (!held) return { ...wait, text: 'Waits in the queue.' };
  const { provider: account, state, probeInMs } = held;
  const why = state === 'paused' ? 'is over its quota' : 'has failed repeatedly: its circuit breaker is open';
  return { ...wait, text: `Waits: the account ${account} ${why}.`, data: { account, state, probeInMs } };
}

/** A delivery that a report calls failed was settled before, when the vendor accepted it. */
const lastOf = (times: readonly Date[]): Date => new Date(Math.max(...times.map(Number)));

const STATUS_WORDS: Readonly<Record<string, string>> = {
  failed: 'Failed',
  skipped: 'Skipped',
  expired: 'Expired',
};

/** Circuit breakers append a device kind or a country to the provider's id. */
const isAccountOf = (account: string, provider: string | null): boolean =>
  provider !== null && (account === provider || account.startsWith(`${provider}:`));

const OUTCOME_WORDS: Readonly<Record<string, string>> = {
  accepted: 'accepted',
  refused: 'refused',
  unavailable: 'the vendor was unavailable',
  over_quota: 'over quota',
  misconfigured: 'the vendor refused our credentials or settings',
  unknown: 'no answer; the vendor may have sent it',
  error: 'an error of the gateway',
};

function attemptEvents(of: DeliveryRecord, record: AttemptRecord, facts: StoryFacts): Event[] {
  const { attempt, provider, outcome, vendorCode, vendorText, startedAt, durationMs } = record;
  const { receiptStatus, receiptCode, receiptAt } = record;
  const code = vendorCode === null ? '' : ` (${vendorCode})`;
  const words = vendorText === null ? '' : ` The vendor says: “${vendorText}”`;
  const events: Event[] = [
    {
      at: startedAt,
      event: 'attempted',
      deliveryId: of.delivery.id,
      text: `Attempt ${attempt} through ${provider}: ${OUTCOME_WORDS[outcome] ?? outcome}${code}, ${durationMs} ms.${words}`,
      data: {
        attempt,
        provider,
        outcome,
        vendorCode,
        vendorText,
        httpStatus: record.httpStatus,
        vendorMessageId: record.vendorMessageId,
        vendorTraceId: record.vendorTraceId,
        durationMs,
        possibleDouble: record.possibleDouble,
      },
      explanation: attemptDetails(of, record, facts) ?? null,
    },
  ];
  if (receiptStatus !== null)
    events.push({
      at: receiptAt ?? startedAt,
      event: 'reported',
      deliveryId: of.delivery.id,
      text: `Delivery report: ${receiptStatus}${receiptCode === null ? '' : ` (${receiptCode})`}.`,
      data: { attempt, status: receiptStatus, vendorCode: receiptCode },
      explanation: reportDetails(of, record, facts) ?? null,
    });
  return events;
}
