import { Injectable } from '@nestjs/common';
import type { Plan } from '../../deliveries/records.js';
import type { DeliveryOptions, SmsPlan } from '../../domain/delivery.js';
import type { PushContent, SmsContent } from '../../domain/event.js';
import { foldId } from '../../domain/uid.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { GatewayConfig, type DeliverySettings } from '../../platform/config/gateway-config.js';
import { newIdAfter } from '../../platform/ids/new-id.js';
import { retryDelayMs } from '../../platform/timing/retry-delay.js';
import { CometChatContacts, ContactsUnavailable } from '../contacts/cometchat-contacts.js';
import { ContactLookup } from '../contacts/contact-lookup.js';
import { countryOf, toE164 } from '../../platform/phone/phone-number.js';
import { receivesSms } from '../contacts/receives-sms.js';
import { DeviceLookup } from '../devices/device-lookup.js';
import { liveDevices } from './live-devices.js';
import { skip, type Accepted, type Postponed } from './planned.js';
import { PushFirst } from './push-first.js';
import { namedMessages, pushedMessage } from './sms-messages.js';
import { routeFor } from './sms-route.js';
import { TextedMessageRepository } from './texted-message.repository.js';

/** Lookups of one number at CometChat, over about two minutes, before it counts as missing. */
const MAX_TRIES = 8;

/** An SMS to one recipient. */
interface SmsRequest {
  /** The number in the event; if unset, it is looked up. */
  readonly given?: string | undefined;
  readonly options: DeliveryOptions;
  readonly sender: string | undefined;
  readonly group: string | undefined;
  /** The messages that it reports, if CometChat identifies all of them. */
  readonly messageIds: readonly string[] | undefined;
  /** Bellhop composes its text. */
  readonly needsLanguage: boolean;
  /** Behaviour if CometChat does not answer. */
  readonly withoutAnswer: 'wait' | 'do_without';
  /** Whether CometChat may be asked. */
  readonly mayAsk: boolean;
}

/** Finds the number and route of an SMS, or the reason for having none. */
@Injectable()
export class SmsPlanner {
  private readonly delivery: DeliverySettings;

  constructor(
    config: GatewayConfig,
    private readonly contacts: ContactLookup,
    private readonly cometchat: CometChatContacts,
    private readonly devices: DeviceLookup,
    private readonly pushFirst: PushFirst,
    private readonly texted: TextedMessageRepository,
  ) {
    this.delivery = config.delivery;
  }

  /**
   * Plans the SMS of a webhook. If it was requested, such as a resend, it is sent regardless of the policy and of
   * earlier SMS.
   */
  async planMessage(
    app: AppSettings,
    accepted: Accepted,
    content: SmsContent,
    options: DeliveryOptions,
  ): Promise<Plan | Postponed> {
    const { isAskedFor } = accepted;
    const withheld = isAskedFor ? undefined : await this.pushFirst.reasonToWithhold(app, accepted, content);
    if (withheld) return withheld;
    return this.plan(app, accepted, {
      given: content.to.phno?.trim(),
      options,
      sender: idOf(content.senderDetails?.uid),
      group: idOf(content.groupDetails?.guid),
      messageIds: isAskedFor ? undefined : namedMessages(content).ids,
      needsLanguage: options.text === undefined && !content.smsContent?.trim(),
      withoutAnswer: 'wait',
      mayAsk: true,
    });
  }

  /** Plans the SMS copy of a push that a rule asks for explicitly, so `sms.policy` does not apply. */
  async planCopy(app: AppSettings, accepted: Accepted, content: PushContent, text: string): Promise<Plan> {
    const { sender, receiver, receiverType } = content.notificationDetails;
    const isNews = accepted.kind === 'chat' && !accepted.isAskedFor;
    const message = isNews ? pushedMessage(content) : undefined;
    const plan = await this.plan(app, accepted, {
      options: { text },
      sender: idOf(sender),
      group: receiverType === 'group' ? idOf(receiver) : undefined,
      messageIds: message === undefined ? undefined : [message],
      needsLanguage: false,
      // The push is sent with it, so planning never waits for CometChat; a ring does not even ask.
      withoutAnswer: 'do_without',
      mayAsk: accepted.kind !== 'call',
    });
    return 'postponedMs' in plan ? skip('no_phone_number') : plan;
  }

  private async plan(app: AppSettings, accepted: Accepted, request: SmsRequest): Promise<Plan | Postponed> {
    const { uid, id: notificationId } = accepted;
    const ofContact = request.given ? undefined : await this.contacts.numberOf(app.appId, uid);
    const written = request.given || (ofContact ?? (await this.askCometChat(app, accepted, request)));
    if (!written) return skip('no_phone_number');
    if (typeof written !== 'string') return written;
    const phno = toE164(written, app.sms.defaultCountry);
    if (phno === undefined) return skip('invalid_phone_number');
    if (!receivesSms(phno)) return skip('number_takes_no_texts');
    const country = countryOf(phno);
    const { countries } = app.sms;
    if (countries && (country === undefined || !countries.includes(country)))
      return skip('country_not_allowed');
    const deliveryId = newIdAfter(notificationId);
    const { sender, group, messageIds } = request;
    const routing = routeFor(app.sms, { country, sender, group, deliveryId });
    const provider = routing?.route[0];
    if (!routing || provider === undefined) return skip('no_provider');
    const language = request.needsLanguage ? await this.languageOf(app, uid) : undefined;
    const conversation = group ?? sender;
    const sms: SmsPlan = {
      ...routing,
      country: country ?? null,
      ...(language === undefined ? {} : { language }),
      ...(conversation === undefined ? {} : { conversation }),
      ...(ofContact === undefined ? {} : { ofContact: true }),
    };
    // Last: no other SMS reports a message that this one has claimed.
    const claim = !accepted.isPreview && messageIds && { appId: app.appId, uid, notificationId, messageIds };
    if (claim && !(await this.texted.claim(claim))) return skip('already_texted');
    const options = { ...request.options, sms };
    return {
      deliveries: [{ id: deliveryId, provider, kind: 'sms', deviceId: null, address: { phno }, options }],
    };
  }

  /** The number that CometChat has for a user without a contact. */
  private async askCometChat(
    app: AppSettings,
    { uid, postponements }: Accepted,
    { mayAsk, withoutAnswer }: SmsRequest,
  ): Promise<string | Postponed | undefined> {
    if (!mayAsk) return undefined;
    try {
      return await this.cometchat.numberOf(app, uid);
    } catch (error) {
      if (!(error instanceof ContactsUnavailable)) throw error;
      if (withoutAnswer === 'do_without' || postponements >= MAX_TRIES) return undefined;
      const postponedMs = retryDelayMs(postponements + 1, this.delivery, error.retryAfterMs);
      return { postponedMs, why: 'number_not_known_yet' };
    }
  }

  /** The language of the most recently registered device that has one. */
  private async languageOf(app: AppSettings, uid: string): Promise<string | undefined> {
    const devices = liveDevices(app, await this.devices.devicesOf(app.appId, uid));
    return devices.find(({ locale }) => locale !== null)?.locale?.replaceAll('_', '-');
  }
}

/** CometChat's ids are in lower case, whatever the case in a webhook. */
const idOf = (value: string | null | undefined): string | undefined => (value && foldId(value)) || undefined;
