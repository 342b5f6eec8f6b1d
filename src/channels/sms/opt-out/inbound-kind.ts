import type { OptOutKind } from '../../../domain/opt-out-word.js';
import type { InboundSms } from '../../../providers/callback.js';
import { isAnsweredByNetwork } from '../../../providers/toll-free.js';
import type { InboundKind } from './opt-out-words.js';

/** The request of an inbound SMS, and whether the vendor or network has answered it. */
export interface UnderstoodSms {
  readonly kind: InboundKind;
  readonly isAnswered: boolean;
}

/**
 * @param own the kind by the app's words
 * @param answersOptOuts the provider's setting: whether its vendor answers opt-outs
 */
export function understand(
  inbound: InboundSms,
  own: InboundKind,
  answersOptOuts: boolean | undefined,
): UnderstoodSms {
  const { takenFor, to, text } = inbound;
  // The vendor's kind prevails, except that an app's STOP word always counts as STOP.
  const kind: InboundKind = own === 'stop' ? 'stop' : (takenFor ?? own);
  if (kind === 'other') return { kind, isAnswered: false };
  const byVendor = answersOptOuts === true || takenFor === (kind satisfies OptOutKind);
  return { kind, isAnswered: byVendor || isAnsweredByNetwork(to, text) };
}
