/** What a vendor is made to do. */
export const SCENARIOS = [
  'accept',
  /** Say that the address is dead. */
  'refuse_address',
  'refuse_message',
  /** Have a fault of its own, without `Retry-After`. */
  'fault',
  'over_quota',
  /** The same with `Retry-After`, as `told` says it. */
  'fault_told',
  'over_quota_told',
  /** Take the request and never answer. */
  'hang',
  /** Take the request and drop the connection. */
  'reset',
  /** Say 2xx with a body that makes no sense. */
  'garbage',
] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** The header that a scenario with `told` answers with. */
export const toldHeaders = (told: string | undefined): Record<string, string> =>
  told === undefined ? {} : { 'retry-after': told };
