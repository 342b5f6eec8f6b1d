import type { Story } from '../../api/story.js';
import { words } from '../../words.js';

/** The stations of a notification. */
export type Station = 'webhook' | 'plan' | 'vendor' | 'phone';
export type StationState = 'done' | 'now' | 'waiting' | 'failed' | 'never';

export interface Journey {
  readonly stations: readonly {
    readonly name: Station;
    readonly state: StationState;
    readonly text: string;
  }[];
  /** The present state and the next step; undefined: nothing to say. */
  readonly remark: { readonly tone: 'warn' | 'bad'; readonly text: string } | undefined;
}

const texts = words.phones.journey;
const ACCEPTED: ReadonlySet<string> = new Set(['sent', 'delivered']);

/** How far a notification has come. */
export function journeyOf(story: Story): Journey {
  const { deliveries, timeline, status, settledAt } = story;
  const isPlanned = deliveries.length > 0 || settledAt !== null;
  const plan = stationOfPlan(story, isPlanned);
  const vendor = isPlanned ? stationOfVendor(story) : ({ state: 'never', text: '' } as const);
  const arrived = deliveries.filter((delivery) => ACCEPTED.has(delivery.status)).length;
  const phone =
    arrived > 0
      ? ({ state: 'done', text: texts.shown } as const)
      : ({ state: 'never', text: settledAt === null ? '' : texts.nothing } as const);
  const webhook = { state: 'done', text: texts.accepted } as const;
  const wait = timeline.find(({ event }) => event === 'next_attempt' || event === 'waiting');
  return {
    stations: [
      { name: 'webhook', ...webhook },
      { name: 'plan', ...plan },
      { name: 'vendor', ...vendor },
      { name: 'phone', ...phone },
    ],
    remark:
      vendor.state === 'waiting'
        ? { tone: 'warn', text: waitText(story, wait) }
        : ['failed', 'skipped', 'expired'].includes(status)
          ? { tone: 'bad', text: failureText(story) }
          : undefined,
  };
}

type Placed = { readonly state: StationState; readonly text: string };

function stationOfPlan({ deliveries, status }: Story, isPlanned: boolean): Placed {
  if (!isPlanned) return { state: 'now', text: texts.planning };
  const addressed = deliveries.filter(({ deviceId, address }) => deviceId !== null || address !== null);
  if (addressed.length === 0 && (status === 'skipped' || status === 'expired'))
    return { state: 'failed', text: texts.noAddress };
  return { state: 'done', text: texts.addresses(addressed.length) };
}

function stationOfVendor({ deliveries }: Story): Placed {
  const waiting = deliveries.filter(({ status }) => status === 'queued');
  if (waiting.some(hasFailed)) return { state: 'waiting', text: texts.retries(attemptsOf(waiting)) };
  if (waiting.length > 0) return { state: 'now', text: texts.sending };
  if (deliveries.some(({ status }) => ACCEPTED.has(status)))
    return { state: 'done', text: texts.taken(attemptsOf(deliveries)) };
  if (deliveries.some(({ attempts }) => attempts.length > 0)) return { state: 'failed', text: texts.refused };
  return { state: 'never', text: texts.notAsked };
}

type Delivery = Story['deliveries'][number];

/** An attempt in progress counts as `unknown`. */
const hasFailed = ({ attempts }: Delivery): boolean => attempts.some(({ outcome }) => outcome !== 'unknown');

const attemptsOf = (deliveries: readonly Delivery[]): number =>
  Math.max(0, ...deliveries.map(({ attempts }) => attempts.length));

function waitText({ deliveries }: Story, wait: Story['timeline'][number] | undefined): string {
  const last = deliveries
    .filter(({ status }) => status === 'queued')
    .flatMap(({ attempts }) => attempts)
    .findLast(({ outcome }) => outcome !== 'unknown');
  const why = texts.why(last?.outcome ?? 'unavailable');
  const next =
    wait?.event === 'next_attempt' ? texts.nextAttempt(Date.parse(wait.at) - Date.now()) : texts.nextProbe;
  return `${why} ${next}`;
}

const failureText = ({ explanation: { summary, cause, fix } }: Story): string =>
  [summary, cause, fix].filter((part) => part !== null && part !== '').join(' ');
