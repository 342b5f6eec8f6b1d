import { Injectable } from '@nestjs/common';
import type { PlannedDelivery } from '../../domain/delivery.js';
import { callActionOf, type PushContent, type SmsContent } from '../../domain/event.js';
import { Ledger, type Plan } from '../../deliveries/ledger.js';
import type { Reason } from '../../domain/reason.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { newId } from '../../platform/ids/new-id.js';
import type { DeviceTarget } from '../../queue/jobs.js';
import { ContactDirectory } from '../contacts/contact-directory.js';
import { countryOf, toE164 } from '../contacts/phone-number.js';
import { DeviceDirectory } from '../devices/device-directory.js';
import { pushProviderOf } from '../devices/push-provider-of.js';
import { devicesFor } from './devices-for.js';
import { providersFor } from './sms-route.js';
import { targeted } from './targeted.js';

/** What an event means for a call, where it belongs to one. */
interface CallNews {
  /** It would ring for a call that is over. */
  readonly isOver?: boolean;
  /** It rings for this call. */
  readonly ringSession?: string;
  /** It ends a call that rang and was not taken. */
  readonly missed?: boolean;
}

const skip = (reason: Reason): Plan => ({ skipped: 'skipped', reason });

/** Stage 2, WHO: finds the addresses of a notification, or the reason why there is none. */
@Injectable()
export class Planner {
  constructor(
    private readonly devices: DeviceDirectory,
    private readonly contacts: ContactDirectory,
    private readonly ledger: Ledger,
  ) {}

  async planPush(app: AppSettings, uid: string, content: PushContent, target?: DeviceTarget): Promise<Plan> {
    const call = await this.followCall(app, uid, content);
    if (call.isOver) return { skipped: 'expired', reason: 'call_over' };
    const registered = targeted(await this.devices.devicesOf(app.appId, uid), target);
    const devices = devicesFor(registered, callActionOf(content.notificationDetails), app.push.calls);
    if (devices.length === 0) return skip('no_device');
    const deliveries = devices.map((device): PlannedDelivery => {
      const { id: deviceId, providerId, address } = device;
      const provider = pushProviderOf(app.push.providers, { ...address, providerId });
      return {
        id: newId(),
        provider: providerId,
        kind: provider?.type === 'sandbox' ? 'sandbox' : address.transport,
        deviceId,
        address,
        // Registered when there was a provider of this id, and the configuration has changed since.
        skip: provider ? undefined : 'no_provider',
        ringSession: call.ringSession,
        options: call.missed ? { missedCall: true } : undefined,
      };
    });
    return { deliveries };
  }

  /**
   * Takes note of what an event says about its call. The events of a call come in any order, and are planned by any
   * process: what counts is the first that says that it must not ring any more.
   */
  private async followCall(
    app: AppSettings,
    uid: string,
    { notificationDetails }: PushContent,
  ): Promise<CallNews> {
    const { type, sessionId } = notificationDetails;
    const action = callActionOf(notificationDetails);
    if (type !== 'call' || !sessionId || action === undefined) return {};
    const call = { appId: app.appId, uid, sessionId };
    if (action === 'initiated') {
      return (await this.ledger.isCallOver(call)) ? { isOver: true } : { ringSession: sessionId };
    }
    await this.ledger.endCall(call, action);
    const unheard = action === 'unanswered' || action === 'cancelled';
    return { missed: unheard && app.push.calls.missedCall && (await this.ledger.hasRung(call)) };
  }

  async planSms(app: AppSettings, uid: string, content: SmsContent): Promise<Plan> {
    const written = content.to.phno?.trim() || (await this.contacts.numberOf(app.appId, uid));
    if (!written) return skip('no_phone_number');
    const phno = toE164(written, app.sms.defaultCountry);
    if (phno === undefined) return skip('invalid_phone_number');
    const country = countryOf(phno);
    const { countries } = app.sms;
    if (countries && (country === undefined || !countries.includes(country)))
      return skip('country_not_allowed');
    const [provider] = providersFor(app.sms, country);
    if (provider === undefined) return skip('no_provider');
    return { deliveries: [{ id: newId(), provider, kind: 'sms', deviceId: null, address: { phno } }] };
  }
}
