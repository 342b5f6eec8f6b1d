import { Injectable } from '@nestjs/common';
import type { DeliveryOptions } from '../../domain/delivery.js';
import type { PushContent, SmsContent } from '../../domain/event.js';
import type { Channel, NotificationKind } from '../../domain/notification.js';
import type { Reason } from '../../domain/reason.js';
import type { RuleActions } from '../../platform/config/rule-settings.js';
import { newId } from '../../platform/ids/new-id.js';
import { Planner } from '../../recipients/planning/planner.js';
import type { Accepted, Planned, Postponed } from '../../recipients/planning/planned.js';
import { RuleEngine } from '../../recipients/rules/rule-engine.js';
import type { RuleResult } from '../../recipients/rules/rules.js';
import type { EvaluationDto, EvaluationOutcome, WouldBeMessageDto } from './evaluate.dto.js';
import { WouldBeMessages, type ShownEvent } from './would-be-messages.js';

/** The event that rules are tried on. */
export interface TriedEvent extends ShownEvent {
  readonly channel: Channel;
  readonly kind: NotificationKind;
  readonly uid: string;
}

export type Evaluation = Omit<EvaluationDto, 'isShown'>;

/** A user without an address gets nothing; what one with an address would get is worth seeing. */
const WITHOUT_ADDRESS: ReadonlySet<Reason> = new Set(['no_device', 'no_phone_number']);

/** Applies an app's rules to an event and plans it, by the code that does both for webhooks. Records and sends nothing. */
@Injectable()
export class RuleEvaluation {
  constructor(
    private readonly rules: RuleEngine,
    private readonly planner: Planner,
    private readonly wouldBe: WouldBeMessages,
  ) {}

  async of(event: TriedEvent): Promise<Evaluation> {
    const { app, channel, kind, uid, receivedAt, content } = event;
    const shaped = this.rules.shape(app, { channel, kind, uid, receivedAt, content });
    const planned = await this.plan(event);
    return {
      rules: app.rules.map(({ name, then }) => ({
        name,
        action: actionsOf(then),
        matched: shaped.rules.includes(name),
      })),
      before: content,
      after: shaped.isDropped ? null : changed(content, shaped.options),
      ...(await this.resultOf(event, shaped, planned)),
    };
  }

  private plan({ app, kind, uid, receivedAt, content }: TriedEvent): Promise<Planned | Postponed> {
    const accepted: Accepted = {
      ...{ id: newId(), kind, uid, receivedAt },
      content: JSON.stringify(content),
      isAskedFor: false,
      isPreview: true,
      postponements: 0,
    };
    return 'notificationDetails' in content
      ? this.planner.planPush(app, accepted, content)
      : this.planner.planSms(app, accepted, content);
  }

  private async resultOf(
    event: TriedEvent,
    shaped: RuleResult,
    planned: Planned | Postponed,
  ): Promise<Pick<Evaluation, 'outcome' | 'notBefore' | 'messages'>> {
    if ('postponedMs' in planned) return nothing('decides_later');
    const { plan, notBefore } = planned;
    if ('skipped' in plan)
      return { ...nothing(plan.reason), messages: this.examples(event, shaped, plan.reason) };
    const { messages, reason } = await this.wouldBe.of(event, plan.deliveries);
    if (messages.length === 0) {
      const why = reason ?? plan.unreached?.[0]?.reason ?? 'no_device';
      return { ...nothing(why), messages: this.examples(event, shaped, why) };
    }
    // Pushes of calls are never delayed.
    const isLater = notBefore > event.receivedAt && event.kind !== 'call';
    return {
      outcome: isLater ? 'sends_later' : 'sends',
      notBefore: isLater ? notBefore : null,
      messages,
    };
  }

  private examples(event: TriedEvent, { options }: RuleResult, reason: Reason): WouldBeMessageDto[] {
    if (!WITHOUT_ADDRESS.has(reason)) return [];
    return event.channel === 'push'
      ? this.wouldBe.pushExamples(event, options)
      : this.wouldBe.smsExamples(event, options);
  }
}

const nothing = (outcome: EvaluationOutcome): Pick<Evaluation, 'outcome' | 'notBefore' | 'messages'> => ({
  outcome,
  notBefore: null,
  messages: [],
});

function actionsOf(then: RuleActions): string {
  return Object.entries(then)
    .flatMap(([name, value]) => (value === undefined ? [] : [name]))
    .join(', ');
}

/** The event as the rules leave it; sound, priority and lifetime of a push are not part of it. */
function changed(content: PushContent | SmsContent, options: DeliveryOptions): object {
  const { title, body, data, text } = options;
  if (!('notificationDetails' in content))
    return text === undefined ? content : { ...content, smsContent: text };
  const notificationDetails = {
    ...data,
    ...content.notificationDetails,
    ...(title === undefined ? {} : { title }),
    ...(body === undefined ? {} : { body }),
  };
  return { ...content, notificationDetails };
}
