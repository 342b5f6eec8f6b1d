import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SandboxMailboxRepository } from '../../deliveries/sandbox/sandbox-mailbox.repository.js';
import type { Transport } from '../../domain/notification.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { ContactRepository } from '../../recipients/contacts/contact.repository.js';
import { DeviceRepository } from '../../recipients/devices/device.repository.js';
import { pushProviderOf } from '../../recipients/devices/push-provider-of.js';
import { readRegistration } from '../../recipients/devices/registration.js';
import { FirstAddresses } from '../../recipients/search/first-addresses.js';
import type { User } from '../../recipients/user.js';
import { assertSandboxes } from '../sandboxes-only.js';
import { madeUpDevices, madeUpNumber } from './made-up-address.js';
import type { PhoneDto, PhonePlatform } from './phone.dto.js';

const MAX_SHOWN = 100;

type Phone = Omit<PhoneDto, 'lastMessageAt'>;

/** The phones that exist only in the sandbox. */
@Injectable()
export class SandboxPhones {
  constructor(
    private readonly addresses: FirstAddresses,
    private readonly devices: DeviceRepository,
    private readonly contacts: ContactRepository,
    private readonly mailbox: SandboxMailboxRepository,
  ) {}

  /** The addresses of an app that its sandboxes serve. */
  async list(app: AppSettings): Promise<PhoneDto[]> {
    const [pushPhones, smsPhones] = await Promise.all([this.pushPhones(app), this.smsPhones(app)]);
    return this.withTimes(app, [...pushPhones, ...smsPhones]);
  }

  /**
   * Adds a phone with made-up addresses; a number only to a user without one.
   *
   * @returns its addresses.
   * @throws GatewayError `SANDBOX.REAL_VENDOR`, `USER.ERASED`
   */
  async add(user: User, platform: PhonePlatform): Promise<PhoneDto[]> {
    const added = platform === 'sms' ? [await this.addNumber(user)] : await this.addDevices(user, platform);
    return this.withTimes(user.app, added);
  }

  private async pushPhones(app: AppSettings): Promise<Phone[]> {
    const { appId, push } = app;
    if (!push.providers.some(isSandbox)) return [];
    return (await this.addresses.devicesOf(appId))
      .filter((device) => isSandbox(pushProviderOf(push.providers, device)))
      .toSorted(newestFirst)
      .slice(0, MAX_SHOWN)
      .map((device) => toPhone(app, device));
  }

  private async smsPhones({ appId, sms }: AppSettings): Promise<Phone[]> {
    if (sms.providers.length === 0 || !sms.providers.every(isSandbox)) return [];
    return (await this.addresses.contactsOf(appId))
      .toSorted(newestFirst)
      .slice(0, MAX_SHOWN)
      .map(({ uid, phno }) => toNumber(appId, uid, phno));
  }

  private async addDevices(user: User, platform: Exclude<PhonePlatform, 'sms'>): Promise<Phone[]> {
    const { app, uid } = user;
    assertSandboxes(app, ['push']);
    const providerId = app.push.providers[0]?.id ?? '';
    const sessionId = `sandbox-${randomUUID()}`;
    const phones: Phone[] = [];
    for (const fields of madeUpDevices(platform, providerId)) {
      const { device } = await this.devices.register(user, readRegistration(fields, app, sessionId));
      phones.push(toPhone(app, { ...device, uid }));
    }
    return phones;
  }

  private async addNumber(user: User): Promise<Phone> {
    const { app, uid } = user;
    assertSandboxes(app, ['sms']);
    const contact =
      (await this.contacts.find(user)) ??
      (await this.contacts.put(user, { phno: madeUpNumber(), name: null }));
    return toNumber(app.appId, uid, contact.phno);
  }

  private async withTimes({ appId }: AppSettings, phones: readonly Phone[]): Promise<PhoneDto[]> {
    const times = await this.mailbox.lastTimes(
      appId,
      phones.flatMap(({ token, phno }) => token ?? phno ?? []),
    );
    return phones.map((phone) => ({
      ...phone,
      lastMessageAt: times.get(phone.token ?? phone.phno ?? '') ?? null,
    }));
  }
}

const isSandbox = (settings: { readonly type: string } | undefined): boolean => settings?.type === 'sandbox';

const newestFirst = (a: { readonly updatedAt: Date }, b: { readonly updatedAt: Date }): number =>
  b.updatedAt.getTime() - a.updatedAt.getTime();

interface ShownDevice {
  readonly id: string;
  readonly uid: string;
  readonly platform: string;
  readonly transport: Transport;
  readonly token: string;
}

function toPhone({ appId }: AppSettings, { id, uid, platform, transport, token }: ShownDevice): Phone {
  return { appId, uid, deviceId: id, platform: lookOf(platform, transport), transport, token };
}

const toNumber = (appId: string, uid: string, phno: string): Phone => ({
  ...{ appId, uid, deviceId: null, platform: 'sms', transport: 'sms', phno },
});

/** The look of a device of a registered platform. */
function lookOf(platform: string, transport: Transport): Exclude<PhonePlatform, 'sms'> {
  if (transport === 'webpush' || platform === 'fcm_web') return 'web';
  return transport === 'apns' || transport === 'apns-voip' || platform.endsWith('_ios') ? 'ios' : 'android';
}
