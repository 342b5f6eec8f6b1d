import type { MetricsSnapshot } from '../metrics/merged-metrics.js';

/** Where a process listens. */
export interface Addresses {
  readonly url: string;
  /** Address of `/health`, `/metrics` and `/docs`. */
  readonly opsUrl: string;
}

/** Start parameters of a process beside the configuration. */
export interface Assignment {
  /** A migrated database. It travels by message, because an environment is visible to other programs. */
  readonly databaseUrl: string;
}

/** Messages to a process. */
export type ToProcess =
  | { readonly kind: 'start'; readonly assignment: Assignment }
  | { readonly kind: 'stop'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'collect' }
  | { readonly kind: 'merged'; readonly id: number; readonly text: string };

/** Messages to the supervisor. */
export type ToSupervisor =
  | { readonly kind: 'joined' }
  | { readonly kind: 'listening'; readonly addresses: Addresses }
  /** Answer to `collect`. */
  | { readonly kind: 'collected'; readonly metrics: MetricsSnapshot }
  /** Asks for `merged`. */
  | { readonly kind: 'merge'; readonly id: number; readonly metrics: MetricsSnapshot };
