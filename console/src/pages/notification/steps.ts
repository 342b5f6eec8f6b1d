import type { Story } from '../../api/story.js';
import type { Attempt, Delivery, StoryEvent } from './queries.js';

/** A place on the time line of the whole story: 0 is its begin, 1 its end. */
export interface Bar {
  readonly waitFrom: number;
  readonly from: number;
  readonly to: number;
}

export interface Step {
  readonly event: StoryEvent;
  /** The attempt that the event is about. */
  readonly attempt?: Attempt | undefined;
  /** Time in ms since the notification was received. */
  readonly afterMs: number;
  /** Time in ms that the delivery waited before. */
  readonly waitedMs: number;
  /** An earlier step has the same explanation. */
  readonly isExplained: boolean;
  readonly bar: Bar;
}

/** One delivery with its steps, or one step of the whole notification. */
export type Entry =
  | { readonly step: Step; readonly delivery?: undefined }
  | { readonly delivery: Delivery; readonly steps: readonly Step[] };

/** Later events are at the end of the line, so that one late report does not make everything else a dot. */
const LATE_FACTOR = 4;
/** Events that are not the gateway's own work, and may come hours later. */
const MAY_BE_LATE: ReadonlySet<string> = new Set(['reported', 'seen', 'waiting', 'next_attempt']);
/** Events that last until something happens. */
const IS_OPEN: ReadonlySet<string> = new Set(['waiting', 'next_attempt']);

/** The steps of a story: those before the deliveries, each delivery with its own, and those after. */
export function entriesOf(story: Story): Entry[] {
  const begin = Date.parse(story.receivedAt);
  const end = endOf(story, begin);
  const place = (ms: number): number => Math.min(Math.max((ms - begin) / (end - begin), 0), 1);
  const planned = story.timeline.find(({ event }) => event === 'planned');
  const explained = new Set<string>();
  const plannedAt = planned ? Date.parse(planned.at) : begin;
  const stepsOf = (events: readonly StoryEvent[], delivery: Delivery | undefined, from: number): Step[] => {
    let free = from;
    return events.map((event) => {
      const attempt = delivery && attemptOf(event, delivery);
      const at = Date.parse(event.at);
      const until = IS_OPEN.has(event.event) ? end : at + (attempt?.durationMs ?? 0);
      const waits = attempt !== undefined || IS_OPEN.has(event.event) || event.event === 'planned';
      const bar = { waitFrom: place(waits ? free : at), from: place(at), to: place(until) };
      const step = {
        event,
        attempt,
        afterMs: at - begin,
        waitedMs: attempt ? Math.max(at - free, 0) : 0,
        isExplained: explained.has(JSON.stringify(event.explanation)),
        bar,
      };
      explained.add(JSON.stringify(event.explanation));
      free = Math.max(free, at + (attempt?.durationMs ?? 0));
      return step;
    });
  };
  const whole = stepsOf(
    story.timeline.filter(({ deliveryId }) => deliveryId === null),
    undefined,
    begin,
  );
  const isAfter = ({ event }: Step): boolean => event.event === 'seen';
  return [
    ...whole.filter((step) => !isAfter(step)).map((step) => ({ step })),
    ...story.deliveries.map((delivery) => ({
      delivery,
      steps: stepsOf(
        story.timeline.filter(({ deliveryId }) => deliveryId === delivery.id),
        delivery,
        plannedAt,
      ),
    })),
    ...whole.filter(isAfter).map((step) => ({ step })),
  ];
}

/** The attempt of an event that is one; its delivery report is a step of its own. */
function attemptOf({ event, data }: StoryEvent, { attempts }: Delivery): Attempt | undefined {
  if (event !== 'attempted') return undefined;
  return attempts.find(({ attempt }) => attempt === data['attempt']);
}

/** The end of the line in ms since the epoch, after its begin. */
function endOf({ timeline, deliveries }: Story, begin: number): number {
  const attempts = deliveries.flatMap((delivery) => delivery.attempts);
  const own = [
    ...timeline.filter(({ event }) => !MAY_BE_LATE.has(event)).map(({ at }) => Date.parse(at)),
    ...attempts.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs),
  ];
  const end = Math.max(begin + 1, ...own);
  const reports = timeline.filter(({ event }) => event === 'reported' || event === 'seen');
  const near = reports
    .map(({ at }) => Date.parse(at))
    .filter((at) => at - begin <= LATE_FACTOR * (end - begin));
  return Math.max(end, ...near);
}
