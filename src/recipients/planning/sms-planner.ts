import { Injectable } from '@nestjs/common';
import type { Plan } from '../../deliveries/records.js';
import type { DeliveryOptions, SmsPlan } from '../../domain/delivery.js';
import type { PushContent, SmsContent } from '../../domain/event.js';
import { foldId } from '../../domain/uid.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { GatewayConfig, type DeliverySettings } from '../../platform/config/gateway-config.js';
import { newIdAfter } from '../../platform/ids/new-id.js';
import { retryDelayMs } from '../../queue/retry-delay.js';
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

/** How often CometChat is asked for one number before there is taken to be none: for about two minutes. */
const MAX_TRIES = 8;

/** One text to one person. */
interface SmsRequest {
  /** The number that came with the event; without one it is looked up. */
  readonly given?: string | undefined;
  readonly options: DeliveryOptions;
  readonly sender: string | undefined;
  readonly group: string | undefined;
  /** The messages that it tells of, where CometChat names them all. */
  readonly messageIds: readonly string[] | undefined;
  /** Its words are made here. */
  readonly needsLanguage: boolean;
  /** What is done where CometChat does not answer. */
  readonly withoutAnswer: 'wait' | 'do_without';
  /** Whether CometChat is asked at all. */
  readonly mayAsk: boolean;
}

/** Finds the number of a text and the way to it, or the reason why there is none. */
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
   * The text of an SMS webhook. One that somebody asked for, such as a webhook's that is sent again, is sent whatever
   * the policy says and other texts have told.
   */
  async planMessage(
    app: AppSettings,
    accepted: Accepted,
    content: SmsContent,
    options: DeliveryOptions,
  ): Promise<Plan | Postponed> {
    const { isAskedFor } = accepted;
    const against = isAskedFor ? undefined : await this.pushFirst.speaksAgainst(app, accepted, content);
    if (against) return against;
    return this.textTo(app, accepted, {
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

  /** A push as a text, as a rule wants it: that is an explicit wish, which `sms.policy` does not touch. */
  async planCopy(app: AppSettings, accepted: Accepted, content: PushContent, text: string): Promise<Plan> {
    const { sender, receiver, receiverType } = content.notificationDetails;
    const isNews = accepted.kind === 'chat' && !accepted.isAskedFor;
    const message = isNews ? pushedMessage(content) : undefined;
    const plan = await this.textTo(app, accepted, {
      options: { text },
      sender: idOf(sender),
      group: receiverType === 'group' ? idOf(receiver) : undefined,
      messageIds: message === undefined ? undefined : [message],
      needsLanguage: false,
      // The push itself goes along with it, and waits for nothing; a ring not even for the question.
      withoutAnswer: 'do_without',
      mayAsk: accepted.kind !== 'call',
    });
    return 'postponedMs' in plan ? skip('no_phone_number') : plan;
  }

  private async textTo(app: AppSettings, accepted: Accepted, order: SmsRequest): Promise<Plan | Postponed> {
    const { uid, id: notificationId } = accepted;
    const ofContact = order.given ? undefined : await this.contacts.numberOf(app.appId, uid);
    const written = order.given || (ofContact ?? (await this.askCometChat(app, accepted, order)));
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
    const { sender, group, messageIds } = order;
    const way = routeFor(app.sms, { country, sender, group, lot: deliveryId });
    const provider = way?.route[0];
    if (!way || provider === undefined) return skip('no_provider');
    const language = order.needsLanguage ? await this.languageOf(app, uid) : undefined;
    const conversation = group ?? sender;
    const sms: SmsPlan = {
      ...way,
      country: country ?? null,
      ...(language === undefined ? {} : { language }),
      ...(conversation === undefined ? {} : { conversation }),
      ...(ofContact === undefined ? {} : { ofContact: true }),
    };
    // Last of all: what has been claimed is told by this text and no other.
    const claim = messageIds && { appId: app.appId, uid, notificationId, messageIds };
    if (claim && !(await this.texted.claim(claim))) return skip('already_texted');
    const options = { ...order.options, sms };
    return {
      deliveries: [{ id: deliveryId, provider, kind: 'sms', deviceId: null, address: { phno }, options }],
    };
  }

  /** The number that CometChat has of a person whom the contacts have none of. */
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

  /** The language of the device that was registered last. */
  private async languageOf(app: AppSettings, uid: string): Promise<string | undefined> {
    const devices = liveDevices(app, await this.devices.devicesOf(app.appId, uid));
    return devices.find(({ locale }) => locale !== null)?.locale?.replaceAll('_', '-');
  }
}

/** CometChat's ids are in lower case, whatever a webhook writes. */
const idOf = (value: string | null | undefined): string | undefined => (value && foldId(value)) || undefined;
