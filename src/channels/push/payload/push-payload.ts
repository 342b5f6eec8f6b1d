import type { PushAddress } from '../../../domain/delivery.js';
import type { PushContent } from '../../../domain/event.js';
import { apnsPush, apnsVoipPush } from './apns-push.js';
import { expoMessage } from './expo-message.js';
import { fcmMessage } from './fcm-message.js';
import { hmsMessage } from './hms-message.js';
import { occasionOf } from './occasion.js';
import type { BuiltPush, PushContext } from './push-context.js';
import { fill } from './fill.js';
import { pushFields, type Fields } from './push-fields.js';
import { webPushMessage } from './web-push-message.js';

/** The push for one device, in the form that its vendor takes, and within the vendor's limit. */
export function pushPayload(
  { notificationDetails }: PushContent,
  { transport, platform }: Pick<PushAddress, 'transport' | 'platform'>,
  context: PushContext,
): BuiltPush {
  const fields = withStorm(pushFields(notificationDetails, context), context);
  const occasion = occasionOf(notificationDetails, context);
  switch (transport) {
    case 'fcm':
      return fcmMessage(fields, occasion, platform, context);
    case 'apns':
      return apnsPush(fields, occasion, context);
    case 'apns-voip':
      return apnsVoipPush(fields, occasion, context);
    case 'webpush':
      return webPushMessage(fields, occasion, context);
    case 'expo':
      return expoMessage(fields, occasion, context);
    case 'hms':
      return hmsMessage(fields, occasion, context);
  }
}

/** Tells of all messages of a storm in one. */
function withStorm(fields: Fields, { options: { storm }, settings }: PushContext): Fields {
  if (!storm) return fields;
  return { ...fields, body: fill(settings.storm.text, { ...fields, count: String(storm.count) }) };
}
