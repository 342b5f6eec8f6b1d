import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Channel } from '../../domain/notification.js';
import type { AcceptResult } from '../../notifications/intake.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import {
  readPushWebhook,
  readSmsWebhook,
  WebhookIntake,
  type Arrival,
} from '../../webhooks/webhook-intake.js';
import { SandboxPhones } from '../phones/sandbox-phones.js';
import { assertSandboxes } from '../sandboxes-only.js';
import {
  callEvent,
  groupEvent,
  messageEvent,
  reactionEvent,
  smsEvent,
  type EventFacts,
} from './cometchat-events.js';
import type { CallAction, PlayKind } from './play.dto.js';

/** How long a missed call rings. Its end must not overtake its ring. */
const RING_MS = 5_000;
const DEFAULT_SIZE = 4;

/** An event of CometChat to be played. */
export interface Play {
  readonly kind: PlayKind;
  readonly from: string;
  readonly to: string;
  readonly text: string | undefined;
  /** Members of the group. */
  readonly size: number | undefined;
  readonly callAction: CallAction;
  readonly sessionId: string | undefined;
  readonly conversationId: string | undefined;
  /** Name of the caller. */
  readonly by: string;
}

export interface Played {
  readonly notificationIds: string[];
  readonly sessionId?: string;
}

/** Plays CometChat: builds its webhooks and passes them to their intake. */
@Injectable()
export class Player {
  private lastId = 0;

  constructor(
    private readonly intake: WebhookIntake,
    private readonly phones: SandboxPhones,
  ) {}

  /** @throws GatewayError `SANDBOX.REAL_VENDOR`, `WEBHOOK.INVALID_BODY`, `WEBHOOK.NOT_STORED` */
  async play(app: AppSettings, play: Play): Promise<Played> {
    assertSandboxes(app, channelsOf(app, play.kind));
    const arrival = { receivedBy: `sandbox, by ${play.by}` };
    const { kind, text = 'Hello!' } = play;
    const facts = this.factsOf(app, play);
    switch (kind) {
      case 'message':
        return idsOf([await this.push(messageEvent(facts, text), arrival)]);
      case 'group': {
        const members = await this.membersOf(app, play);
        const events = members.map((to) => groupEvent({ ...facts, to }, text));
        return idsOf(await Promise.all(events.map((event) => this.push(event, arrival))));
      }
      case 'reaction':
        return idsOf([await this.push(reactionEvent(facts, play.text ?? '😎'), arrival)]);
      case 'call':
        return this.call(facts, [play.callAction], { ...play, arrival });
      case 'missed_call':
        return this.call(facts, ['initiated', 'unanswered'], { sessionId: undefined, arrival });
      case 'sms':
        return idsOf([await this.intake.acceptSms(readSmsWebhook(smsEvent(facts, text)), arrival)]);
    }
  }

  /** Plays the events of a call, each one `RING_MS` after the one before. */
  private async call(
    facts: EventFacts,
    actions: readonly CallAction[],
    { sessionId: given, arrival }: Pick<Play, 'sessionId'> & { readonly arrival: Arrival },
  ): Promise<Played> {
    const sessionId = given ?? `v1.${facts.region}.${randomUUID().replaceAll('-', '')}`;
    const accepted: AcceptResult[] = [];
    for (const [index, callAction] of actions.entries()) {
      const delayMs = index * RING_MS;
      const at = new Date(facts.at.getTime() + delayMs);
      const event = callEvent({ ...facts, at, id: this.newId() }, { callAction, sessionId });
      accepted.push(await this.push(event, delayMs > 0 ? { ...arrival, delayMs } : arrival));
    }
    return { ...idsOf(accepted), sessionId };
  }

  private push(event: unknown, arrival: Arrival): Promise<AcceptResult> {
    return this.intake.acceptPush(readPushWebhook(event), arrival);
  }

  private factsOf({ appId, region }: AppSettings, { from, to, conversationId }: Play): EventFacts {
    return { appId, region, from, to, at: new Date(), id: this.newId(), conversationId };
  }

  /** The members that get the message: the named one, users with sandbox phones, then made-up ones. */
  private async membersOf(app: AppSettings, { from, to, size = DEFAULT_SIZE }: Play): Promise<string[]> {
    const withPhones = (await this.phones.list(app)).map(({ uid }) => uid);
    const madeUp = Array.from({ length: size }, (_, index) => `sandbox-member-${index + 1}`);
    const members = new Set([to, ...withPhones, ...madeUp]);
    members.delete(from);
    return [...members].slice(0, size - 1);
  }

  /** Digits that no other event of this process has, nor in all likelihood one of another process; an exact number. */
  private newId(): string {
    this.lastId = Math.max(this.lastId + 1, Date.now() * 1_000);
    return String(this.lastId);
  }
}

/** The channels on which the event may be sent; those of its own first. */
function channelsOf({ rules }: AppSettings, kind: PlayKind): readonly [Channel, ...Channel[]] {
  if (kind === 'sms') return ['sms'];
  return rules.some(({ then }) => then.copyToSms) ? ['push', 'sms'] : ['push'];
}

const idsOf = (accepted: readonly AcceptResult[]): Played => ({
  notificationIds: accepted.map(({ notificationId }) => notificationId),
});
