import { Injectable } from '@nestjs/common';
import { OptOutRepository } from '../channels/sms/opt-out/opt-out.repository.js';
import type { PlannedDelivery } from '../domain/delivery.js';
import type { PushContent, SmsContent } from '../domain/event.js';
import { mask } from '../domain/mask.js';
import { newId } from '../platform/ids/new-id.js';
import type { Accepted, Planned, Postponed } from '../recipients/planning/planned.js';
import { Planner } from '../recipients/planning/planner.js';
import type { User } from '../recipients/user.js';
import type { PlannedDeliveryDto, PlanPreviewDto } from './plan-preview.dto.js';
import { sampleEvent, type SampleKind } from './sample-event.js';

/** Shows what a user would get now, by the planner that plans notifications. Nothing is recorded or sent. */
@Injectable()
export class PlanPreview {
  constructor(
    private readonly planner: Planner,
    private readonly optOuts: OptOutRepository,
  ) {}

  async of({ app, uid }: User, kind: SampleKind): Promise<PlanPreviewDto> {
    const receivedAt = new Date();
    const event = sampleEvent(kind, uid, receivedAt);
    const accepted: Accepted = {
      id: newId(),
      kind,
      uid,
      receivedAt,
      content: JSON.stringify(event),
      isAskedFor: false,
      isPreview: true,
      postponements: 0,
    };
    const planned = isPush(event)
      ? await this.planner.planPush(app, accepted, event)
      : await this.planner.planSms(app, accepted, event);
    return { appId: app.appId, uid, kind, ...(await this.view(app.appId, planned, receivedAt)) };
  }

  private async view(
    appId: string,
    planned: Planned | Postponed,
    receivedAt: Date,
  ): Promise<Omit<PlanPreviewDto, 'appId' | 'uid' | 'kind'>> {
    if ('postponedMs' in planned) {
      return { ...NOTHING, postponed: { why: planned.why, waitMs: planned.postponedMs } };
    }
    const { plan, rules, leftOut = [], notBefore } = planned;
    const view = { ...NOTHING, rules: [...rules], leftOut: [...leftOut] };
    if ('skipped' in plan) return { ...view, skippedReason: plan.reason };
    const deliveries = await Promise.all(plan.deliveries.map((delivery) => this.toDto(appId, delivery)));
    const unreached = [...(plan.unreached ?? [])];
    const isSent = deliveries.some(({ reason }) => reason === null);
    return {
      ...view,
      deliveries,
      unreached,
      skippedReason: isSent ? null : (unreached[0]?.reason ?? deliveries[0]?.reason ?? null),
      notBefore: notBefore > receivedAt ? notBefore : null,
    };
  }

  /** Opt-outs are checked when an SMS is sent, after planning. */
  private async toDto(appId: string, delivery: PlannedDelivery): Promise<PlannedDeliveryDto> {
    const { kind, provider, deviceId, address, skip } = delivery;
    const isOptedOut = 'phno' in address && (await this.optOuts.isOptedOut(appId, address.phno));
    return {
      ...{ kind, provider, deviceId },
      address: mask('phno' in address ? address.phno : address.token),
      reason: skip ?? (isOptedOut ? 'opted_out' : null),
    };
  }
}

const NOTHING = {
  deliveries: [],
  leftOut: [],
  unreached: [],
  rules: [],
  skippedReason: null,
  notBefore: null,
  postponed: null,
};

function isPush(event: PushContent | SmsContent): event is PushContent {
  return 'notificationDetails' in event;
}
