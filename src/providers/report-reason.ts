import type { Reason } from '../domain/reason.js';
import type { Verdict } from './verdict.js';

/** The reason for an SMS that failed after acceptance, from its code's row in the vendor's error table. */
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
