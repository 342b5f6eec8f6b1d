import { Injectable } from '@nestjs/common';
import { toOptOutDto } from '../channels/sms/opt-out/opt-out.dto.js';
import { OptOutRepository } from '../channels/sms/opt-out/opt-out.repository.js';
import { NotificationRepository, type NotificationRecord } from '../deliveries/notification.repository.js';
import { mask } from '../domain/mask.js';
import { toDto } from '../notifications/notification-view.js';
import { toContactDto } from '../recipients/contacts/contact.dto.js';
import { ContactRepository } from '../recipients/contacts/contact.repository.js';
import { MAX_DEVICES_PER_USER } from '../recipients/devices/apply-registrations.js';
import { toDeviceDto } from '../recipients/devices/device.dto.js';
import {
  DeviceRepository,
  type RetiredDevice,
  type StoredDevice,
} from '../recipients/devices/device.repository.js';
import { pushProviderOf } from '../recipients/devices/push-provider-of.js';
import type { User } from '../recipients/user.js';
import { numbersOf } from './user-numbers.js';
import type { LastRefusedDto, UserDeviceDto, UserDto, UserRetiredDeviceDto } from './user.dto.js';

const SHOWN_NOTIFICATIONS = 20;

/** Gathers what the gateway knows about a user. */
@Injectable()
export class UserOverview {
  constructor(
    private readonly devices: DeviceRepository,
    private readonly contacts: ContactRepository,
    private readonly optOuts: OptOutRepository,
    private readonly notifications: NotificationRepository,
  ) {}

  /** Tokens and numbers are masked. A user of whom nothing is known has empty lists. */
  async of(user: User): Promise<UserDto> {
    const { app, uid } = user;
    const { appId } = app;
    const [inUse, retired, contact, { records }] = await Promise.all([
      this.devices.list(user),
      this.devices.listRetired(user),
      this.contacts.find(user),
      this.notifications.list({ appIds: [appId], uid }, SHOWN_NOTIFICATIONS),
    ]);
    const numbers = numbersOf(contact, records);
    const optOuts = await Promise.all(numbers.map((phno) => this.optOuts.find(appId, phno)));
    const hasRoom = inUse.length < MAX_DEVICES_PER_USER;
    return {
      appId,
      uid,
      devices: inUse.map((device) => toUserDeviceDto(device, user, records)),
      retiredDevices: retired.map((device) => toUserRetiredDeviceDto(device, user, hasRoom)),
      contact: contact ? toContactDto(contact, mask(contact.phno)) : null,
      optOuts: optOuts.flatMap((found) => (found ? [toOptOutDto(found)] : [])),
      notifications: records.map(toDto),
    };
  }

  /** The numbers whose opt-outs are shown, in full. */
  async numbers(user: User): Promise<string[]> {
    const filter = { appIds: [user.app.appId], uid: user.uid };
    const [contact, { records }] = await Promise.all([
      this.contacts.find(user),
      this.notifications.list(filter, SHOWN_NOTIFICATIONS),
    ]);
    return numbersOf(contact, records);
  }
}

function toUserDeviceDto(
  device: StoredDevice,
  { app }: User,
  records: readonly NotificationRecord[],
): UserDeviceDto {
  const { environment, locale, appVersion, reachedAt } = device;
  const own = records.flatMap(({ deliveries }) =>
    deliveries.filter(({ delivery }) => delivery.deviceId === device.id),
  );
  const accepted = own
    .flatMap(({ attempts }) => attempts)
    .filter(({ outcome }) => outcome === 'accepted')
    .map(({ startedAt }) => startedAt.getTime());
  const last = Math.max(reachedAt?.getTime() ?? 0, ...accepted);
  return {
    ...toDeviceDto(device, app),
    ...{ environment, locale, appVersion },
    lastAcceptedAt: last > 0 ? new Date(last) : null,
    lastRefused: lastRefusedOf(own),
  };
}

/** @param deliveries those of one device, of the newest notification first. */
function lastRefusedOf(deliveries: NotificationRecord['deliveries']): LastRefusedDto | null {
  for (const { delivery, attempts } of deliveries) {
    const refused = attempts.findLast(({ outcome }) => outcome === 'refused');
    if (!refused) continue;
    const { notificationId, reason } = delivery;
    return { at: refused.startedAt, notificationId, reason, vendorCode: refused.vendorCode };
  }
  return null;
}

function toUserRetiredDeviceDto(
  device: RetiredDevice,
  { app }: User,
  hasRoom: boolean,
): UserRetiredDeviceDto {
  const { retiredAt, retiredReason, retiredCode: code, retiredBy } = device;
  return {
    ...toDeviceDto(device, app),
    retiredAt,
    reason: retiredReason ?? '',
    code,
    by: retiredBy ?? (retiredReason === 'unseen' ? 'gateway' : 'vendor'),
    restorable: hasRoom && pushProviderOf(app.push.providers, device) !== undefined,
  };
}
