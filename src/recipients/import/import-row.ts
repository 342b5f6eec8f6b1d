import type { Fault } from '../../platform/errors/gateway-error.js';

/** One row of an import file, with its line number: its value, or why it cannot be read. */
export type ImportRow =
  | { readonly line: number; readonly value: unknown }
  | { readonly line: number; readonly faults: readonly Fault[] };
