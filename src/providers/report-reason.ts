import type { Reason } from '../domain/reason.js';
import type { Verdict } from './verdict.js';

/** Why a text failed after the vendor had taken it, told by the row that its code has in the error table. */
export function reportReason(verdict: Verdict | undefined): Reason {
  switch (verdict?.action) {
    case undefined:
      return 'undelivered';
    case 'refuse':
      return verdict.reason;
    case 'retry':
      return 'provider_unavailable';
    case 'wait':
      return 'provider_over_quota';
    case 'stop':
      return verdict.reason ?? 'provider_misconfigured';
  }
}
