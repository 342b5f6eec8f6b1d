import type { OptOutKind } from '../../../domain/opt-out-word.js';
import type { InboundSms } from '../../../providers/callback.js';
import { isAnsweredByNetwork } from '../../../providers/toll-free.js';
import type { InboundKind } from './opt-out-words.js';

/** What a text asks for, and whether somebody else has answered it. */
export interface UnderstoodSms {
  readonly kind: InboundKind;
  readonly isAnswered: boolean;
}

/**
 * @param own what the app's words make of it
 * @param answersOptOuts the setting of the provider: whether its vendor answers by itself
 */
export function understand(
  inbound: InboundSms,
  own: InboundKind,
  answersOptOuts: boolean | undefined,
): UnderstoodSms {
  const { takenFor, to, text } = inbound;
  // The vendor's list is followed, but nobody is texted who has said what the app takes for STOP.
  const kind: InboundKind = own === 'stop' ? 'stop' : (takenFor ?? own);
  if (kind === 'other') return { kind, isAnswered: false };
  const byVendor = answersOptOuts === true || takenFor === (kind satisfies OptOutKind);
  return { kind, isAnswered: byVendor || isAnsweredByNetwork(to, text) };
}
