import type { LeftOutDevice, Plan } from '../../deliveries/records.js';
import type { NotificationKind } from '../../domain/notification.js';
import type { Reason } from '../../domain/reason.js';
import type { DeviceTarget } from '../../queue/jobs.js';

/** A notification to be planned. */
export interface Accepted {
  readonly id: string;
  readonly kind: NotificationKind;
  readonly uid: string;
  readonly receivedAt: Date;
  /** The webhook's `data` as a JSON string. */
  readonly content: string;
  /** Unset: all devices of the user. */
  readonly target?: DeviceTarget | undefined;
  /** Set if it replies to an SMS, through the account that received it. */
  readonly reply?: { readonly provider: string } | undefined;
  /** Requested by the app's backend or an operator. */
  readonly isAskedFor: boolean;
  /** Nothing is to be sent: planning records nothing. */
  readonly isPreview?: boolean;
  /** Number of earlier postponements. */
  readonly postponements: number;
}

/** The plan of a notification, and its earliest send time. */
export interface Planned {
  readonly plan: Plan;
  /** Names of the rules that matched. */
  readonly rules: readonly string[];
  readonly leftOut?: readonly LeftOutDevice[];
  /** Nothing is sent earlier, except the pushes of a call. */
  readonly notBefore: Date;
}

/** A notification that cannot be planned yet: nothing is on record, and planning is repeated later. */
export interface Postponed {
  readonly postponedMs: number;
  readonly why: 'may_be_seen' | 'number_not_known_yet';
}

export type Skipped = Extract<Plan, { readonly skipped: string }>;

export const skip = (reason: Reason): Skipped => ({ skipped: 'skipped', reason });
