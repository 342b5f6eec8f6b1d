import type { PushAddress } from '../../../domain/delivery.js';
import type { PushContent } from '../../../domain/event.js';
import { fcmMessage, type FcmPayload } from './fcm-message.js';
import type { Fitted } from './fit.js';

/** The push for one device, in the form that its vendor takes. */
export function pushPayload(
  content: PushContent,
  { platform }: PushAddress,
  ttlMs: number,
): Fitted<FcmPayload> {
  return fcmMessage(content, platform, ttlMs);
}
