/** `viewer`: reads, with addresses and contents masked; `operator`: also changes. */
export const OPERATOR_ROLES = ['viewer', 'operator'] as const;
export type OperatorRole = (typeof OPERATOR_ROLES)[number];
