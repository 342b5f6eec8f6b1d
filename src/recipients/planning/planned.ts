import type { Plan } from '../../deliveries/records.js';
import type { NotificationKind } from '../../domain/notification.js';
import type { Reason } from '../../domain/reason.js';
import type { DeviceTarget } from '../../queue/jobs.js';

/** One notification that is to be planned. */
export interface Accepted {
  readonly id: string;
  readonly kind: NotificationKind;
  readonly uid: string;
  readonly receivedAt: Date;
  /** The webhook's `data` as JSON text. */
  readonly content: string;
  /** Unset: all of the person's devices. */
  readonly target?: DeviceTarget | undefined;
  /** It answers a text, through the account that it came to. */
  readonly reply?: { readonly provider: string } | undefined;
  /** The app's backend or an operator asked for it. */
  readonly isAskedFor: boolean;
  /** How often its planning was put off before. */
  readonly postponements: number;
}

/** Where a notification goes, and when. */
export interface Planned {
  readonly plan: Plan;
  /** The names of the rules that had a part in it. */
  readonly rules: readonly string[];
  /** Nothing is sent before that, calls' pushes apart. */
  readonly notBefore: Date;
}

/** It cannot be planned yet: nothing is on record, and it is looked at again after a while. */
export interface Postponed {
  readonly postponedMs: number;
  readonly why: 'may_be_seen' | 'number_not_known_yet';
}

export type Skipped = Extract<Plan, { readonly skipped: string }>;

export const skip = (reason: Reason): Skipped => ({ skipped: 'skipped', reason });
