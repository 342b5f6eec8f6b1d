import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { RegistrationFields } from '../../recipients/devices/registration.js';
import type { PhonePlatform } from './phone.dto.js';

/** United States numbers of the form 555-01xx belong to nobody. */
const AREA_CODES = ['206', '212', '303', '310', '312', '415', '512', '617', '702', '808'] as const;

/** A number in E.164 that belongs to nobody. */
export function madeUpNumber(): string {
  const area = AREA_CODES[randomInt(AREA_CODES.length)] ?? AREA_CODES[0];
  return `+1${area}55501${String(randomInt(100)).padStart(2, '0')}`;
}

/** The registrations of a new phone or browser that exists only in the sandbox. */
export function madeUpDevices(
  platform: Exclude<PhonePlatform, 'sms'>,
  providerId: string,
): RegistrationFields[] {
  switch (platform) {
    case 'android':
      return [{ platform: 'fcm_android', fcmToken: `sandbox-${randomUUID()}`, providerId }];
    case 'ios':
      return [
        { platform: 'apns_ios_device', deviceToken: hexToken(), providerId },
        { platform: 'apns_ios_voip', voipToken: hexToken(), providerId },
      ];
    case 'web': {
      const keys = {
        p256dh: randomBytes(65).toString('base64url'),
        auth: randomBytes(16).toString('base64url'),
      };
      const endpoint = `https://push.sandbox.example/${randomUUID()}`;
      return [{ platform: 'web_push', subscription: { endpoint, keys }, providerId }];
    }
  }
}

/** As long as those of APNs. */
const hexToken = (): string => randomBytes(32).toString('hex');
