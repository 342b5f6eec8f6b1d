import { Injectable } from '@nestjs/common';
import { pushOfDelivery } from '../../channels/push/payload/push-of-delivery.js';
import { OptOutRepository } from '../../channels/sms/opt-out/opt-out.repository.js';
import { smsOfDelivery } from '../../channels/sms/text/sms-of-delivery.js';
import type { DeliveryOptions, PlannedDelivery } from '../../domain/delivery.js';
import { callActionOf, type PushContent, type SmsContent } from '../../domain/event.js';
import type { Transport } from '../../domain/notification.js';
import type { Reason } from '../../domain/reason.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { REACH } from '../../recipients/devices/push-provider-of.js';
import { expiryOf } from '../../recipients/planning/lifetime.js';
import type { WouldBeMessageDto } from './evaluate.dto.js';

/** A platform of each transport. */
const EXAMPLES: Readonly<Record<Transport, string>> = {
  fcm: 'fcm_android',
  apns: 'apns_ios_device',
  'apns-voip': 'apns_ios_voip',
  webpush: 'web_push',
  expo: 'expo',
  hms: 'hms_android',
};

/** An event whose messages are shown. */
export interface ShownEvent {
  readonly app: AppSettings;
  readonly receivedAt: Date;
  readonly content: PushContent | SmsContent;
}

type Target = Pick<PlannedDelivery, 'provider'> & {
  readonly address: { readonly transport: Transport; readonly platform: string } | { readonly phno: string };
  readonly options: DeliveryOptions;
};

/** The messages to the planned addresses, or the reason for having none. */
export interface WouldBe {
  readonly messages: WouldBeMessageDto[];
  /** The first reason; undefined if none stands in the way. */
  readonly reason: Reason | undefined;
}

/** Builds the messages that would be sent, with the code that builds those that are. */
@Injectable()
export class WouldBeMessages {
  constructor(
    private readonly config: GatewayConfig,
    private readonly optOuts: OptOutRepository,
  ) {}

  /** The different messages of these deliveries. */
  async of(event: ShownEvent, deliveries: readonly PlannedDelivery[]): Promise<WouldBe> {
    const messages: WouldBeMessageDto[] = [];
    const reasons: Reason[] = [];
    const known = new Set<string>();
    for (const { provider, address, options = {}, skip } of deliveries) {
      const reason = skip ?? (await this.reasonAgainst(event, address));
      const key = `${provider} ${'phno' in address ? 'sms' : `${address.transport} ${address.platform}`}`;
      if (reason !== undefined) reasons.push(reason);
      else if (!known.has(key)) {
        const message = this.message(event, { provider, address, options }, false);
        if (message) messages.push(message);
        else reasons.push('empty_message');
        known.add(key);
      }
    }
    return { messages, reason: reasons[0] };
  }

  /** The messages that each kind of device would get. */
  pushExamples(event: ShownEvent, options: DeliveryOptions): WouldBeMessageDto[] {
    const rings =
      'notificationDetails' in event.content &&
      event.content.notificationDetails.type === 'call' &&
      callActionOf(event.content.notificationDetails) === 'initiated';
    const targets = event.app.push.providers.flatMap(({ id: provider, type }) =>
      (REACH[type] ?? [])
        .filter((transport) => rings || transport !== 'apns-voip')
        .map((transport) => ({
          ...{ provider, options },
          address: { transport, platform: EXAMPLES[transport] },
        })),
    );
    const distinct = new Map(
      targets.map((target) => [`${target.provider} ${target.address.transport}`, target]),
    );
    return [...distinct.values()].flatMap((target) => this.message(event, target, true) ?? []);
  }

  /** The SMS that a number would get. */
  smsExamples(event: ShownEvent, options: DeliveryOptions): WouldBeMessageDto[] {
    const provider = event.app.sms.providers[0]?.id;
    if (provider === undefined) return [];
    const message = this.message(event, { provider, address: { phno: '' }, options }, true);
    return message ? [message] : [];
  }

  private async reasonAgainst(
    { app }: ShownEvent,
    address: PlannedDelivery['address'],
  ): Promise<Reason | undefined> {
    return 'phno' in address && (await this.optOuts.isOptedOut(app.appId, address.phno))
      ? 'opted_out'
      : undefined;
  }

  /** @returns undefined for an SMS that says nothing. */
  private message(
    { app, receivedAt, content }: ShownEvent,
    { provider, address, options }: Target,
    isExample: boolean,
  ): WouldBeMessageDto | undefined {
    if ('phno' in address) {
      const sms = smsOfDelivery(options, content, app);
      if (!sms) return undefined;
      const { text, encoding, segments } = sms;
      return {
        ...{ provider, transport: 'sms', payload: { text, encoding, segments }, isExample },
        ...{ bytes: Buffer.byteLength(text), limitBytes: null, dropped: [...sms.dropped] },
      };
    }
    const push = content as PushContent;
    const built = pushOfDelivery(
      {
        ...{ appId: app.appId, content: push, address, options },
        ...{ receivedAt, now: receivedAt, expiresAt: this.expiryOf(push, receivedAt) },
      },
      app.push,
    );
    const { payload, headers, bytes, limitBytes, dropped } = built;
    const hasHeaders = Object.keys(headers).length > 0;
    return {
      ...{ provider, transport: address.transport, payload: hasHeaders ? { ...payload, headers } : payload },
      ...{ bytes, limitBytes, dropped: [...dropped], isExample },
    };
  }

  /** As if CometChat had sent the event at once. */
  private expiryOf(content: PushContent, receivedAt: Date): Date {
    const notificationDetails = { ...content.notificationDetails, sentAt: null };
    return expiryOf(receivedAt, { ...content, notificationDetails }, this.config.delivery);
  }
}
