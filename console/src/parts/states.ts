import type { IconName } from './icon.js';

export type Tone = 'good' | 'bad' | 'warn' | 'wait' | 'quiet';

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
}

/** How each state looks, by what it is the state of. The texts are in `words.states`. */
export const STATES = {
  /** Statuses of notifications and deliveries. */
  status: {
    queued: { tone: 'wait', icon: 'clock' },
    sent: { tone: 'good', icon: 'check' },
    delivered: { tone: 'good', icon: 'checks' },
    failed: { tone: 'bad', icon: 'cross' },
    skipped: { tone: 'quiet', icon: 'dash' },
    expired: { tone: 'warn', icon: 'clock' },
  },
  /** Outcomes of attempts. */
  outcome: {
    accepted: { tone: 'good', icon: 'check' },
    refused: { tone: 'bad', icon: 'cross' },
    unavailable: { tone: 'warn', icon: 'warning' },
    over_quota: { tone: 'warn', icon: 'pause' },
    misconfigured: { tone: 'bad', icon: 'settings' },
    unknown: { tone: 'warn', icon: 'question' },
    error: { tone: 'bad', icon: 'cross' },
  },
  /** Circuit breakers of accounts. */
  breaker: {
    closed: { tone: 'good', icon: 'check' },
    half_open: { tone: 'warn', icon: 'question' },
    open: { tone: 'bad', icon: 'cross' },
    paused: { tone: 'warn', icon: 'pause' },
  },
  /** Checks of accounts. */
  check: {
    ok: { tone: 'good', icon: 'check' },
    failed: { tone: 'bad', icon: 'cross' },
    unknown: { tone: 'quiet', icon: 'question' },
  },
  /** How a sandbox provider answers. */
  vendor: {
    up: { tone: 'good', icon: 'check' },
    slow: { tone: 'warn', icon: 'clock' },
    over_quota: { tone: 'warn', icon: 'pause' },
    refusing: { tone: 'bad', icon: 'cross' },
    down: { tone: 'bad', icon: 'cross' },
  },
  /** Severities of problems. */
  severity: {
    critical: { tone: 'bad', icon: 'cross' },
    error: { tone: 'bad', icon: 'cross' },
    warning: { tone: 'warn', icon: 'warning' },
    info: { tone: 'wait', icon: 'info' },
  },
  /** Calls, for one user. */
  call: {
    ringing: { tone: 'wait', icon: 'call' },
    over: { tone: 'quiet', icon: 'dash' },
    unknown: { tone: 'quiet', icon: 'question' },
  },
  /** Rows of CometChat's log. */
  log: {
    sent: { tone: 'good', icon: 'check' },
    failed: { tone: 'bad', icon: 'cross' },
    skipped: { tone: 'quiet', icon: 'dash' },
  },
  /** Replays. */
  replay: {
    running: { tone: 'wait', icon: 'play' },
    paused: { tone: 'warn', icon: 'pause' },
    cancelled: { tone: 'quiet', icon: 'dash' },
    done: { tone: 'good', icon: 'check' },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Look>>>>;

export type StateKind = keyof typeof STATES;

/** States that a newer gateway knows have a plain look. */
export function lookOf(kind: StateKind, state: string): Look {
  const looks: Readonly<Record<string, Look>> = STATES[kind];
  return looks[state] ?? { tone: 'quiet', icon: 'question' };
}
