import { Injectable } from '@nestjs/common';
import { kindOfPush } from '../domain/event.js';
import type { Channel } from '../domain/notification.js';
import { normaliseUid } from '../domain/uid.js';
import { Intake, type AcceptResult } from '../notifications/intake.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { compiledCheck } from '../platform/http/compiled-check.js';
import { validated } from '../platform/http/validated.js';
import type { Dedupe } from '../queue/job-queue.js';
import { pushContent, smsContent } from './webhook-content.js';
import { PushWebhookDto } from './dto/push-webhook.dto.js';
import { SmsWebhookDto } from './dto/sms-webhook.dto.js';

const isPush = compiledCheck(PushWebhookDto);
const isSms = compiledCheck(SmsWebhookDto);
const MS_PER_MINUTE = 60_000;
const INVALID = 'WEBHOOK.INVALID_BODY';

/** How a webhook came. */
export interface Arrival {
  /** Name of the credential. */
  readonly receivedBy: string | undefined;
  /** Wait in ms before it is planned. */
  readonly delayMs?: number | undefined;
}

/** @throws GatewayError `WEBHOOK.INVALID_BODY` */
export function readPushWebhook(body: unknown): PushWebhookDto {
  return isPush(body) ? body : validated(PushWebhookDto, body, INVALID);
}

/** @throws GatewayError `WEBHOOK.INVALID_BODY` */
export function readSmsWebhook(body: unknown): SmsWebhookDto {
  return isSms(body) ? body : validated(SmsWebhookDto, body, INVALID);
}

/** Passes validated webhooks to the intake, with the keys by which repeats are recognised. */
@Injectable()
export class WebhookIntake {
  constructor(
    private readonly config: GatewayConfig,
    private readonly intake: Intake,
  ) {}

  /** @throws GatewayError `WEBHOOK.NOT_STORED` */
  acceptPush({ appId, data }: PushWebhookDto, { receivedBy, delayMs }: Arrival): Promise<AcceptResult> {
    const uid = normaliseUid(data.to.uid) ?? data.to.uid;
    const { content, dedupeKey } = pushContent(appId, uid, data);
    return this.intake.accept({
      source: 'webhook',
      receivedBy,
      appId,
      channel: 'push',
      kind: kindOfPush(data.notificationDetails),
      uid,
      dedupe: this.dedupe('push', dedupeKey),
      content,
      delayMs,
    });
  }

  /** @throws GatewayError `WEBHOOK.NOT_STORED` */
  acceptSms({ appId, data }: SmsWebhookDto, { receivedBy, delayMs }: Arrival): Promise<AcceptResult> {
    const { content, dedupeKey } = smsContent(appId, data);
    return this.intake.accept({
      source: 'webhook',
      receivedBy,
      appId,
      channel: 'sms',
      kind: 'sms',
      uid: normaliseUid(data.to.uid) ?? data.to.uid,
      dedupe: this.dedupe('sms', dedupeKey),
      content,
      delayMs,
    });
  }

  private dedupe(channel: Channel, key: string): Dedupe {
    const { smsDedupeMinutes, pushDedupeMinutes } = this.config.intake;
    return { key, windowMs: (channel === 'sms' ? smsDedupeMinutes : pushDedupeMinutes) * MS_PER_MINUTE };
  }
}
