import { Injectable } from '@nestjs/common';
import { DuplicateCounts } from '../../deliveries/duplicate-counts.js';
import { NotificationRepository, type NotificationRecord } from '../../deliveries/notification.repository.js';
import { ProviderStateRepository } from '../../deliveries/provider-state.repository.js';
import { channelOf } from '../../domain/delivery.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { DeviceLookup } from '../../recipients/devices/device-lookup.js';
import { SeenMessageRepository } from '../../recipients/read-receipts/seen-message.repository.js';
import type { SendNotification } from '../../queue/jobs.js';
import { toAcceptedDto, toDto } from '../notification-view.js';
import { callOf, eventOf, type CallTime } from './call.js';
import { explain } from './explain.js';
import type { CallDto, ExplanationDto, NotificationStoryDto } from './story.dto.js';
import type { ProviderFacts, StoryFacts } from './story-facts.js';
import { receivedEvent, timelineOf } from './timeline.js';

/** Tells what became of a notification, from the ledger and from what the gateway knows now. */
@Injectable()
export class StoryTeller {
  constructor(
    private readonly config: GatewayConfig,
    private readonly notifications: NotificationRepository,
    private readonly duplicates: DuplicateCounts,
    private readonly states: ProviderStateRepository,
    private readonly devices: DeviceLookup,
    private readonly seen: SeenMessageRepository,
  ) {}

  async tell(record: NotificationRecord, content: string): Promise<NotificationStoryDto> {
    const { notification } = record;
    const [facts, call, repeats, duplicates] = await Promise.all([
      this.factsOf(record, content),
      this.callOf(notification, content),
      this.notifications.repeatsOf(notification),
      this.duplicates.of(notification.id),
    ]);
    return {
      ...toDto(record),
      tag: eventOf(content).tag ?? null,
      call,
      repeats,
      duplicates,
      timeline: timelineOf(record, facts),
      explanation: explain(record, facts),
    };
  }

  /** Explains each delivery of a notification on its own, in their order. */
  async explainEach(
    { notification, deliveries }: NotificationRecord,
    content: string,
  ): Promise<ExplanationDto[]> {
    const facts = await this.factsOf({ notification, deliveries }, content);
    return deliveries.map((one) =>
      explain({ notification: { ...notification, status: one.delivery.status }, deliveries: [one] }, facts),
    );
  }

  /** The story of a notification that is not planned yet. */
  async tellAccepted(
    id: string,
    accepted: SendNotification,
    isDeadLettered: boolean,
  ): Promise<NotificationStoryDto> {
    const { receivedAt, source = null, receivedBy = null, originId = null } = accepted;
    const call = { ...accepted, receivedAt: new Date(receivedAt) };
    const received = receivedEvent({ receivedAt: call.receivedAt, source, receivedBy, originId });
    return {
      ...toAcceptedDto(id, accepted, isDeadLettered),
      tag: eventOf(accepted.content).tag ?? null,
      call: await this.callOf(call, accepted.content),
      repeats: [],
      duplicates: await this.duplicates.of(id),
      timeline: [received],
      explanation: isDeadLettered
        ? {
            summary: 'Not sent: planning it failed for good.',
            cause: 'Its job was dead-lettered; Bull Board shows the error.',
            fix: 'Mend the cause of the error and retry the job.',
            link: null,
          }
        : {
            summary: 'Not sent yet: it waits to be planned.',
            cause:
              'The workers have not taken it up yet, or planning waits: for a read receipt (`sms.policy`), or for CometChat’s answer about the phone number.',
            fix: 'If it stays so, check that workers run: `/health/ready`.',
            link: null,
          },
    };
  }

  /** The call that an event of CometChat is about. */
  private async callOf(time: CallTime, content: string): Promise<CallDto | null> {
    const event = eventOf(content);
    if (event.type !== 'call' || !event.sessionId) return null;
    const { appId, uid } = time;
    const end = await this.notifications.endOfCall({ appId, uid, sessionId: event.sessionId });
    return callOf({ ...event, sessionId: event.sessionId }, time, end, this.config.delivery.ringSeconds);
  }

  private async factsOf(
    { notification, deliveries }: NotificationRecord,
    content: string,
  ): Promise<StoryFacts> {
    const { appId, uid } = notification;
    const { tag } = eventOf(content);
    const hasNoDevice = deliveries.some(({ delivery }) => delivery.reason === 'no_device');
    const [heldAccounts, seenAt, lastRetired] = await Promise.all([
      this.states.held(),
      tag ? this.seen.seenAt(appId, uid, tag) : null,
      hasNoDevice ? this.devices.lastRetired(appId, uid) : null,
    ]);
    return {
      now: new Date(),
      heldAccounts: heldAccounts.filter((account) => account.appId === appId),
      seenAt,
      lastRetired,
      providerOf: (delivery, provider) => this.providerOf(appId, delivery, provider),
    };
  }

  private providerOf(
    appId: string,
    delivery: NotificationRecord['deliveries'][number]['delivery'],
    provider: string | null,
  ): ProviderFacts {
    const app = this.config.apps.find((known) => known.appId === appId);
    const kind = delivery.kind ?? '';
    if (channelOf(delivery) === 'sms') {
      const settings = app?.sms.providers.find(({ id }) => id === provider);
      return { type: settings?.type ?? kind, settings };
    }
    const type = kind === 'apns-voip' ? 'apns' : kind;
    const settings = app?.push.providers.find((known) => known.id === provider && known.type === type);
    return { type, settings };
  }
}
