import { Injectable } from '@nestjs/common';
import type { PushContent } from '../../domain/event.js';
import type { NotificationRecord } from '../../deliveries/notification.repository.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { DeviceLookup } from '../../recipients/devices/device-lookup.js';
import { Intake, type IncomingNotification } from '../intake.js';
import { toDto } from '../notification-view.js';
import type { ExplanationDto } from '../story/story.dto.js';
import { StoryTeller } from '../story/story-teller.js';
import { endOf, testCall, testChat, testSms, type TestKind } from './test-content.js';
import type { TestTarget } from './test-request.js';
import type { TestAnswerDto, TestDeliveryDto } from './test-send.dto.js';
import { VendorsWord } from './vendors-word.js';

/** A test call ends after this time in ms. */
const RING_MS = 8_000;
/** No ring of a test is sent later than this, nor stored by a vendor for longer. */
const RING_TTL_S = 8;
/** Recipient of an SMS to a number: no user of CometChat. */
const NOBODY = 'bellhop-test';

export interface TestSend {
  readonly app: AppSettings;
  readonly kind: TestKind;
  readonly target: TestTarget;
  /** Name of the caller's credential. */
  readonly receivedBy: string;
}

/** Sends tests through every stage, and tells what the vendors decided. */
@Injectable()
export class TestSends {
  constructor(
    private readonly intake: Intake,
    private readonly devices: DeviceLookup,
    private readonly word: VendorsWord,
    private readonly story: StoryTeller,
  ) {}

  /** @throws GatewayError `DEVICE.NOT_FOUND`, `TEST.TOO_MANY`, `NOTIFICATION.NOT_STORED` */
  async send(test: TestSend): Promise<TestAnswerDto> {
    const startedAt = performance.now();
    const notification = await this.notificationOf(test);
    const { id, found } = await this.word.of(() => this.accept(notification));
    const waitedMs = Math.round(performance.now() - startedAt);
    if (!found) return { notificationId: id, isSettled: false, waitedMs, deliveries: [] };
    const explanations = await this.story.explainEach(found.record, found.content);
    return {
      notificationId: id,
      isSettled: found.record.notification.settledAt !== null,
      waitedMs,
      deliveries: deliveriesOf(found.record, explanations),
    };
  }

  private async notificationOf({ app, kind, target, receivedBy }: TestSend): Promise<IncomingNotification> {
    const { appId } = app;
    const base = { source: 'test', receivedBy, appId } as const;
    if ('phno' in target) return smsOf(base, NOBODY, target.phno);
    const uid = 'uid' in target ? target.uid : await this.ownerOf(appId, target.deviceId);
    if (kind === 'sms') return smsOf(base, uid, undefined);
    const push = kind === 'chat' ? testChat(uid) : testCall(uid);
    const devices = 'deviceId' in target ? { deviceId: target.deviceId } : undefined;
    const ttlSeconds = kind === 'call' ? RING_TTL_S : undefined;
    return {
      ...base,
      channel: 'push',
      kind,
      uid,
      content: JSON.stringify(push),
      target: devices,
      ttlSeconds,
    };
  }

  /** Stores the test, and for a call its end as well, so that the phones stop ringing even if this process ends. */
  private async accept(notification: IncomingNotification): Promise<string> {
    const { notificationId } = await this.intake.accept(notification);
    if (notification.kind !== 'call') return notificationId;
    const end = endOf(JSON.parse(notification.content) as PushContent);
    await this.intake.accept({
      ...notification,
      originId: notificationId,
      content: JSON.stringify(end),
      ttlSeconds: undefined,
      delayMs: RING_MS,
    });
    return notificationId;
  }

  private async ownerOf(appId: string, deviceId: string): Promise<string> {
    const device = await this.devices.find(deviceId);
    if (device?.appId !== appId) throw new GatewayError('DEVICE.NOT_FOUND');
    return device.uid;
  }
}

function smsOf(
  base: Pick<IncomingNotification, 'source' | 'receivedBy' | 'appId'>,
  uid: string,
  phno: string | undefined,
): IncomingNotification {
  return { ...base, channel: 'sms', kind: 'sms', uid, content: JSON.stringify(testSms(uid, phno)) };
}

function deliveriesOf(
  record: NotificationRecord,
  explanations: readonly ExplanationDto[],
): TestDeliveryDto[] {
  return toDto(record).deliveries.map((delivery, index) => {
    const { id: deliveryId, deviceId, kind, provider, address, status, reason, attempts } = delivery;
    const last = attempts.at(-1);
    return {
      ...{ deliveryId, deviceId, kind, provider, address, status, reason },
      outcome: last?.outcome ?? null,
      vendorCode: last?.vendorCode ?? null,
      vendorText: last?.vendorText ?? null,
      vendorMessageId: last?.vendorMessageId ?? null,
      explanation: explanations[index] ?? NO_EXPLANATION,
    };
  });
}

const NO_EXPLANATION: ExplanationDto = { summary: '', cause: null, fix: null, link: null };
