/** Behaviours that every local vendor can be set to. */
export const SCENARIOS = [
  'accept',
  /** Reports the address as dead. */
  'refuse_address',
  'refuse_message',
  /** Fails without `Retry-After`. */
  'fault',
  'over_quota',
  /** Fails with `told` as `Retry-After`. */
  'fault_told',
  'over_quota_told',
  /** Accepts the request and never answers. */
  'hang',
  /** Accepts the request and drops the connection. */
  'reset',
  /** Answers 2xx with a meaningless body. */
  'garbage',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** The `Retry-After` header of a scenario with `told`. */
export const toldHeaders = (told: string | undefined): Record<string, string> =>
  told === undefined ? {} : { 'retry-after': told };
