import { expect } from '@jest/globals';
import type { AllVendors } from './all-vendors.js';
import type { NotificationJson, TestGateway } from './gateway.js';

let count = 0;
const hex = (): string => (count += 1).toString(16).padStart(64, '0');

/** One device of every kind with separate rules. */
const DEVICES: readonly ((vendors: AllVendors) => Record<string, unknown>)[] = [
  () => ({ platform: 'fcm_android', fcmToken: `android-${hex()}` }),
  () => ({ platform: 'fcm_ios', fcmToken: `ios-${hex()}` }),
  () => ({ platform: 'fcm_web', fcmToken: `web-${hex()}` }),
  () => ({ platform: 'fcm_flutter_android', fcmToken: `flutter-${hex()}` }),
  () => ({ platform: 'fcm_react_native_ios', fcmToken: `react-${hex()}` }),
  () => ({ platform: 'apns_ios_device', deviceToken: hex() }),
  () => ({ platform: 'apns_ios_device', deviceToken: hex(), environment: 'sandbox' }),
  () => ({ platform: 'apns_ios_voip', voipToken: hex(), environment: 'production' }),
  () => ({ platform: 'apns_flutter_voip', voipToken: hex(), environment: 'sandbox' }),
  (vendors) => ({ platform: 'web_push', subscription: vendors.subscribe() }),
  () => ({ platform: 'expo', pushToken: `ExponentPushToken[${hex()}]` }),
  () => ({ platform: 'hms_android', pushToken: `huawei-${hex()}` }),
];
export const DEVICE_COUNT = DEVICES.length;
export const VOIP_DEVICES = 2;

/** Users of a gateway whose vendors are local servers. */
export interface VendorUsers {
  newUid(): string;
  newToken(): string;
  /** @returns the device's id. */
  register(uid: string, device: Record<string, unknown>): Promise<string>;
  /** Creates a user with a device of every kind, each in its own session. @returns the uid. */
  userWithAll(): Promise<string>;
  /** @returns the notification's id. */
  send(channel: 'push' | 'sms', body: unknown): Promise<string>;
}

export function peopleOf(gateway: () => TestGateway, vendors: () => AllVendors): VendorUsers {
  const newUid = (): string => `user-${(count += 1)}`;
  const register: VendorUsers['register'] = async (uid, device) => {
    const sessionId = `session-${(count += 1)}`;
    const answer = await gateway().backend('POST', `/v1/users/${uid}/devices`, { ...device, sessionId });
    expect(answer.statusCode).toBe(201);
    return answer.json<{ id: string }>().id;
  };
  return {
    newUid,
    newToken: hex,
    register,
    userWithAll: async () => {
      const uid = newUid();
      for (const device of DEVICES) await register(uid, device(vendors()));
      return uid;
    },
    send: async (channel, body) => {
      const answer = await gateway().webhook(channel, body);
      expect(answer.statusCode).toBe(200);
      return answer.json<{ notificationId: string }>().notificationId;
    },
  };
}

/** Kind and status of each delivery, with the vendor code of its last attempt. */
export const ends = ({ deliveries }: NotificationJson): string[] =>
  deliveries.map(({ kind, status, attempts }) => `${kind} ${status} ${attempts.at(-1)?.vendorCode ?? ''}`);
