import type { PushAddress } from '../../../domain/delivery.js';
import type { PushContent } from '../../../domain/event.js';
import { apnsPush, apnsVoipPush } from './apns-push.js';
import { expoMessage } from './expo-message.js';
import { fcmMessage } from './fcm-message.js';
import { hmsMessage } from './hms-message.js';
import { pushTypeOf } from './push-type.js';
import type { BuiltPush, PushContext } from './push-context.js';
import { fill } from './fill.js';
import { pushFields, type Fields } from './push-fields.js';
import { webPushMessage } from './web-push-message.js';

/** The push for one device, in its vendor's format and within the vendor's size limit. */
export function pushPayload(
  { notificationDetails }: PushContent,
  { transport, platform }: Pick<PushAddress, 'transport' | 'platform'>,
  context: PushContext,
): BuiltPush {
  const fields = asDigest(pushFields(notificationDetails, context), context);
  const pushType = pushTypeOf(notificationDetails, context);
  switch (transport) {
    case 'fcm':
      return fcmMessage(fields, pushType, platform, context);
    case 'apns':
      return apnsPush(fields, pushType, context);
    case 'apns-voip':
      return apnsVoipPush(fields, pushType, context);
    case 'webpush':
      return webPushMessage(fields, pushType, context);
    case 'expo':
      return expoMessage(fields, pushType, context);
    case 'hms':
      return hmsMessage(fields, pushType, context);
  }
}

/** Turns the push into a digest of its burst. */
function asDigest(fields: Fields, { options, settings }: PushContext): Fields {
  const burst = options.storm;
  if (!burst) return fields;
  return { ...fields, body: fill(settings.storm.text, { ...fields, count: String(burst.count) }) };
}
