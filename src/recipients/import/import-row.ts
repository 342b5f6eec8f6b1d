import type { Fault } from '../../platform/errors/gateway-error.js';

/** One row of an import file, by the number of its line: what it says, or why it cannot be read. */
export type ImportRow =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly faults: readonly Fault[] };
