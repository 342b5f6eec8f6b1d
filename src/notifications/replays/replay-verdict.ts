import type { FailedDelivery, ReplayCandidate } from '../../deliveries/replays/replay-records.js';
import type { DeviceTarget } from '../../queue/jobs.js';

/** Why a replay leaves a notification out: the complete list, with its meaning. */
export const LEFT_OUT = {
  call: 'It belongs to a call, which is over.',
  not_repeatable: 'It is a test, or answers an SMS of the user.',
  already_replayed: 'Another replay has sent it again, and that is under way or arrived.',
  already_resent: 'It was resent by hand.',
  past_lifetime: 'Its lifetime is over.',
  reached_otherwise: 'Another delivery of it has reached the same device or number, or still may.',
  device_gone: 'The device is no longer registered.',
  sms_copy: 'It is the SMS copy of a push, which no longer stands alone.',
  opted_out: 'The number has opted out.',
  seen_since: 'A device reported that the message was seen.',
} as const satisfies Readonly<Record<string, string>>;
export type LeftOutWhy = keyof typeof LEFT_OUT;

/** The decision of a replay on a notification. */
export type Verdict =
  | { readonly leftOut: LeftOutWhy }
  | {
      /** The deliveries that are sent again. */
      readonly deliveries: readonly FailedDelivery[];
      /** Unset: the notification had no addresses, or is an SMS. */
      readonly target?: DeviceTarget;
      /** The end of the notification's lifetime. */
      readonly expiresAt: Date;
    };

const UNREACHED: ReadonlySet<string> = new Set(['failed', 'expired', 'skipped']);

/** Decides by what is known without the content of the notification. */
export function verdictOn(candidate: ReplayCandidate): Verdict {
  const { kind, source, isResent, isReplayed, deliveries, channel, copyId } = candidate;
  if (kind === 'call') return { leftOut: 'call' };
  if (source === 'reply' || source === 'test') return { leftOut: 'not_repeatable' };
  // A notification that this replay has claimed is stored again under the same id: the process may have ended before.
  if (copyId === null && isReplayed) return { leftOut: 'already_replayed' };
  if (copyId === null && isResent) return { leftOut: 'already_resent' };
  const live = deliveries.filter(({ isExpired }) => !isExpired);
  if (live.length === 0) return { leftOut: 'past_lifetime' };
  const expiresAt = new Date(Math.max(...live.map((delivery) => delivery.expiresAt.getTime())));
  switch (channel) {
    case 'sms':
      return smsVerdict(candidate, live, expiresAt);
    case 'push':
      return pushVerdict(candidate, live, expiresAt);
    default:
      throw new Error(`There is no channel ${String(channel satisfies never)}.`);
  }
}

/** An SMS that failed over to another provider has several deliveries, of which one counts. */
function smsVerdict({ status }: ReplayCandidate, live: readonly FailedDelivery[], expiresAt: Date): Verdict {
  if (!UNREACHED.has(status)) return { leftOut: 'reached_otherwise' };
  if (live.some(({ isOptedOut }) => isOptedOut)) return { leftOut: 'opted_out' };
  return { deliveries: live.slice(-1), expiresAt };
}

function pushVerdict({ status }: ReplayCandidate, live: readonly FailedDelivery[], expiresAt: Date): Verdict {
  const pushes = live.filter(({ kind }) => kind !== 'sms');
  if (pushes.length === 0) return { leftOut: 'sms_copy' };
  const unaddressed = pushes.filter(({ hadDevice }) => !hadDevice);
  if (unaddressed.length > 0 && UNREACHED.has(status)) return { deliveries: unaddressed, expiresAt };
  const current = pushes.filter(({ deviceId }) => deviceId !== null);
  if (current.length === 0) return { leftOut: 'device_gone' };
  const open = current.filter(({ isCovered }) => !isCovered);
  if (open.length === 0) return { leftOut: 'reached_otherwise' };
  const deviceIds = [...new Set(open.flatMap(({ deviceId }) => deviceId ?? []))];
  return { deliveries: open, target: { deviceIds }, expiresAt };
}
