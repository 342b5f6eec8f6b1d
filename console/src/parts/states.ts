import type { IconName } from './icon.js';

export type Tone = 'good' | 'bad' | 'warn' | 'wait' | 'quiet';

export interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
}

/** Looks that several states share. */
export const LOOKS = {
  good: { tone: 'good', icon: 'check' },
  bad: { tone: 'bad', icon: 'cross' },
  warning: { tone: 'warn', icon: 'warning' },
  paused: { tone: 'warn', icon: 'pause' },
  waiting: { tone: 'wait', icon: 'clock' },
  none: { tone: 'quiet', icon: 'dash' },
  unknown: { tone: 'quiet', icon: 'question' },
} as const satisfies Readonly<Record<string, Look>>;

/** How each state looks, by what it is the state of. The texts are in `words.states`. */
export const STATES = {
  /** Statuses of notifications and deliveries. */
  status: {
    queued: LOOKS.waiting,
    sent: LOOKS.good,
    delivered: { tone: 'good', icon: 'checks' },
    failed: LOOKS.bad,
    skipped: LOOKS.none,
    expired: { tone: 'warn', icon: 'clock' },
  },
  /** Outcomes of attempts. */
  outcome: {
    accepted: LOOKS.good,
    refused: LOOKS.bad,
    unavailable: LOOKS.warning,
    over_quota: LOOKS.paused,
    misconfigured: { tone: 'bad', icon: 'settings' },
    unknown: { tone: 'warn', icon: 'question' },
    error: LOOKS.bad,
  },
  /** Circuit breakers of accounts. */
  breaker: {
    closed: LOOKS.good,
    half_open: { tone: 'warn', icon: 'question' },
    open: LOOKS.bad,
    paused: LOOKS.paused,
  },
  /** Checks of accounts. */
  check: {
    ok: LOOKS.good,
    failed: LOOKS.bad,
    unknown: LOOKS.unknown,
  },
  /** How a sandbox provider answers. */
  vendor: {
    up: LOOKS.good,
    slow: { tone: 'warn', icon: 'clock' },
    over_quota: LOOKS.paused,
    refusing: LOOKS.bad,
    down: LOOKS.bad,
  },
  /** Severities of problems. */
  severity: {
    critical: LOOKS.bad,
    error: LOOKS.bad,
    warning: LOOKS.warning,
    info: { tone: 'wait', icon: 'info' },
  },
  /** Calls, for one user. */
  call: {
    ringing: { tone: 'wait', icon: 'call' },
    over: LOOKS.none,
    unknown: LOOKS.unknown,
  },
  /** Rows of CometChat's log. */
  log: {
    sent: LOOKS.good,
    failed: LOOKS.bad,
    skipped: LOOKS.none,
  },
  /** Replays. */
  replay: {
    running: { tone: 'wait', icon: 'play' },
    paused: LOOKS.paused,
    cancelled: LOOKS.none,
    done: LOOKS.good,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Look>>>>;

export type StateKind = keyof typeof STATES;

/** States that a newer gateway knows have a plain look. */
export function lookOf(kind: StateKind, state: string): Look {
  const looks: Readonly<Record<string, Look>> = STATES[kind];
  return looks[state] ?? LOOKS.unknown;
}
