/** Something that is wrong now. Names no user, address or secret. */
export interface Problem {
  /** Such as `breaker`. */
  readonly kind: ProblemKind;
  readonly severity: 'error' | 'warning';
  /** The problem and its consequence, in a sentence or two. */
  readonly text: string;
  /** Page of the console, below `/admin`. */
  readonly page: '/providers' | '/queues' | '/settings';
  /** Undefined: of the gateway as a whole. */
  readonly appId?: string;
}

export const PROBLEM_KINDS = [
  'postgres',
  'queue',
  'workers',
  'process',
  'spool',
  'breaker',
  'check',
  'retirement',
  'dead_letter',
] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];
