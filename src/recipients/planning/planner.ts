import { Injectable } from '@nestjs/common';
import type { DeliveryOptions, PlannedDelivery } from '../../domain/delivery.js';
import { callActionOf, endsRinging, type PushContent, type SmsContent } from '../../domain/event.js';
import { Ledger } from '../../deliveries/ledger.js';
import { CallStateRepository } from '../../deliveries/call-state.repository.js';
import type { LeftOut, LeftOutDevice, UnreachableChannel } from '../../deliveries/records.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import { storable } from '../../platform/expressions/template.js';
import { newIdAfter } from '../../platform/ids/new-id.js';
import { DeviceLookup, type ReachableDevice } from '../devices/device-lookup.js';
import { pushProviderOf } from '../devices/push-provider-of.js';
import type { RuleResult } from '../rules/rules.js';
import { RuleEngine } from '../rules/rule-engine.js';
import { devicesFor } from './devices-for.js';
import { skip, type Accepted, type Planned, type Postponed } from './planned.js';
import { planReply } from './sms-reply.js';
import { targeted } from './targeted.js';
import { SmsPlanner } from './sms-planner.js';

/** The effect of an event on its call, if it has one. */
interface CallNews {
  /** The event would ring for a call that is over. */
  readonly isOver?: boolean;
  /** The call that the event rings for. */
  readonly ringSession?: string;
  /** The event ends a call that rang unanswered. */
  readonly missed?: boolean;
}

/** The pushes of one notification. */
interface Pushes {
  readonly pushes: readonly PlannedDelivery[];
  readonly options: DeliveryOptions;
  readonly notBefore: Date;
}

/** Stage 2, WHO: finds the addresses of a notification, or the reason for having none. */
@Injectable()
export class Planner {
  constructor(
    private readonly devices: DeviceLookup,
    private readonly smsPlanner: SmsPlanner,
    private readonly ledger: Ledger,
    private readonly calls: CallStateRepository,
    private readonly rules: RuleEngine,
  ) {}

  async planPush(app: AppSettings, accepted: Accepted, content: PushContent): Promise<Planned> {
    // Before the rules: a dropped event ends its call as well.
    const call = await this.followCall(app, accepted, content);
    const { receivedAt } = accepted;
    if (call.isOver)
      return { plan: { skipped: 'expired', reason: 'call_over' }, rules: [], notBefore: receivedAt };
    const shaped = this.rules.shape(app, { ...accepted, channel: 'push', content });
    const { rules } = shaped;
    const notBefore = notBeforeOf(receivedAt, shaped);
    if (shaped.isDropped) return { plan: skip('filtered_by_rule'), rules, notBefore };

    const options = { ...shaped.options, ...(call.missed ? { missedCall: true } : {}) };
    const { pushes, leftOut } = await this.pushesTo(app, accepted, content, call, options);
    const place = await this.placeInBurst(app, accepted, content, { pushes, options, notBefore });
    if (place.place === 'collapsed') return { plan: skip('collapsed'), rules, leftOut, notBefore };
    const copy = await this.copyToSms(app, accepted, content, shaped);
    const { ringSession } = call;
    const noDevice = pushes.length === 0 ? [{ kind: null, reason: 'no_device' as const, ringSession }] : [];
    return {
      plan: {
        deliveries: [...place.pushes, ...copy.deliveries],
        unreached: [...noDevice, ...copy.unreached],
      },
      rules,
      leftOut,
      notBefore: place.notBefore,
    };
  }

  private async pushesTo(
    app: AppSettings,
    { id: notificationId, uid, target, kind }: Accepted,
    { notificationDetails }: PushContent,
    call: CallNews,
    options: DeliveryOptions,
  ): Promise<{ pushes: PlannedDelivery[]; leftOut: LeftOutDevice[] }> {
    const all = await this.devices.devicesOf(app.appId, uid, kind === 'call');
    const registered = targeted(all, target);
    const providerOf = ({ providerId, address }: ReachableDevice) =>
      pushProviderOf(app.push.providers, { ...address, providerId });
    const action = notificationDetails.type === 'call' ? callActionOf(notificationDetails) : undefined;
    // A VoIP push of an unknown action might ring.
    const endActionsAsVoip = app.push.calls.endActionsAsVoip && endsRinging(action);
    const devices = devicesFor(
      registered,
      action,
      { endActionsAsVoip },
      (device) => providerOf(device) !== undefined,
    );
    const pushes = devices.map((device): PlannedDelivery => {
      const { id: deviceId, sessionId, providerId, address } = device;
      const provider = providerOf(device);
      return {
        id: newIdAfter(notificationId),
        provider: providerId,
        kind: provider?.type === 'sandbox' ? 'sandbox' : address.transport,
        deviceId,
        sessionId,
        address,
        // Registered while a provider of this id was configured.
        skip: provider ? undefined : 'no_provider',
        ringSession: call.ringSession,
        options,
      };
    });
    return { pushes, leftOut: leftOutOf(all, registered, devices) };
  }

  /** Counts a chat push that reaches a device towards the ceiling of its conversation. */
  private async placeInBurst(
    { appId, push: settings }: AppSettings,
    { id, kind, uid, content, target, isPreview = false }: Accepted,
    { notificationDetails }: PushContent,
    { pushes, options, notBefore }: Pushes,
  ): Promise<({ place: 'sent' } & Pushes) | { place: 'collapsed' }> {
    const conversationId = storable(notificationDetails.conversationId ?? '');
    const reaches = pushes.some(({ skip: reason }) => reason === undefined);
    const limits = settings.storm;
    const isCounted = limits.ceiling > 0 && kind === 'chat' && target === undefined && !isPreview;
    if (!isCounted || conversationId === '' || !reaches) return { place: 'sent', pushes, options, notBefore };
    const push = { notificationId: id, appId, uid, conversationId, content, options, notBefore };
    const found = await this.ledger.countPush(push, limits);
    if (found.place === 'collapsed') return found;
    const { began } = found;
    const placed: DeliveryOptions =
      found.place === 'alone'
        ? { ...options, countedIn: { conversationId, began } }
        : { ...options, storm: { conversationId, count: found.count, silent: found.silent, began } };
    return {
      place: 'sent',
      pushes: pushes.map((delivery) => ({ ...delivery, options: placed })),
      options: placed,
      notBefore: found.place === 'alone' ? notBefore : new Date(Date.now() + found.dueInMs),
    };
  }

  /**
   * Records the effect of an event on its call. The events of a call come in any order and are planned by any process:
   * the first one that ends the ringing counts.
   */
  private async followCall(
    app: AppSettings,
    { uid, isPreview = false }: Accepted,
    { notificationDetails }: PushContent,
  ): Promise<CallNews> {
    const { type, sessionId } = notificationDetails;
    const action = callActionOf(notificationDetails);
    if (type !== 'call' || !sessionId || action === undefined) return {};
    const call = { appId: app.appId, uid, sessionId };
    if (action === 'initiated') {
      return (await this.calls.isOver(call)) ? { isOver: true } : { ringSession: sessionId };
    }
    if (!endsRinging(action)) return {};
    if (!isPreview) await this.calls.end(call, action);
    const unheard = action === 'unanswered' || action === 'cancelled';
    return { missed: unheard && app.push.calls.missedCall && (await this.calls.hasRung(call)) };
  }

  async planSms(app: AppSettings, accepted: Accepted, content: SmsContent): Promise<Planned | Postponed> {
    const { receivedAt, reply } = accepted;
    if (reply)
      return { plan: planReply(app, reply.provider, accepted.id, content), rules: [], notBefore: receivedAt };
    const shaped = this.rules.shape(app, { ...accepted, channel: 'sms', content });
    const { rules, isDropped, options } = shaped;
    const plan = isDropped
      ? skip('filtered_by_rule')
      : await this.smsPlanner.planMessage(app, accepted, content, options);
    if ('postponedMs' in plan) return plan;
    return { plan, rules, notBefore: notBeforeOf(accepted.receivedAt, shaped) };
  }

  /** Copies the push to SMS if a rule asks for it, unless the push is for selected devices. */
  private async copyToSms(
    app: AppSettings,
    accepted: Accepted,
    content: PushContent,
    { smsCopy: text }: RuleResult,
  ): Promise<{ deliveries: readonly PlannedDelivery[]; unreached: readonly UnreachableChannel[] }> {
    if (text === undefined || accepted.target !== undefined) return { deliveries: [], unreached: [] };
    const plan =
      text === '' ? skip('empty_message') : await this.smsPlanner.planCopy(app, accepted, content, text);
    return 'skipped' in plan
      ? { deliveries: [], unreached: [{ kind: 'sms', reason: plan.reason }] }
      : { deliveries: plan.deliveries, unreached: [] };
  }
}

function leftOutOf(
  all: readonly ReachableDevice[],
  registered: readonly ReachableDevice[],
  chosen: readonly ReachableDevice[],
): LeftOutDevice[] {
  if (all.length === chosen.length) return [];
  const why = (device: ReachableDevice): LeftOut => {
    if (!registered.includes(device)) return 'not_targeted';
    return device.address.transport === 'apns-voip' ? 'voip_rings_only' : 'rings_by_voip';
  };
  return all
    .filter((device) => !chosen.includes(device))
    .map((device) => ({ deviceId: device.id, kind: device.address.transport, why: why(device) }));
}

function notBeforeOf(receivedAt: Date, { delaySeconds }: RuleResult): Date {
  return new Date(receivedAt.getTime() + delaySeconds * 1_000);
}
