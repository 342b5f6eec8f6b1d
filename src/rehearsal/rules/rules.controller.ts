import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { NotificationRepository } from '../../deliveries/notification.repository.js';
import { kindOfPush, type PushContent, type SmsContent } from '../../domain/event.js';
import type { Channel, NotificationKind } from '../../domain/notification.js';
import { normaliseUid } from '../../domain/uid.js';
import { withoutStrings } from '../../domain/without-strings.js';
import { callersApp } from '../../notifications/caller.js';
import { findNotification } from '../../notifications/find-notification.js';
import { AuditOf, Audited, type AuditDetails } from '../../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../../platform/auth/access.js';
import { AtOnce } from '../../platform/auth/caller-limits.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { JobQueue } from '../../queue/job-queue.js';
import { EvaluateDto, EvaluationDto } from './evaluate.dto.js';
import { readData } from './read-data.js';
import { RuleEvaluation, type Evaluation, type TriedEvent } from './rule-evaluation.js';

const INVALID = 'REQUEST.INVALID_BODY';

/** A stored notification, as far as rules see it. */
interface Stored {
  readonly appId: string;
  readonly channel: string;
  readonly kind: string;
  readonly uid: string;
  readonly receivedAt: Date;
  readonly content: string;
}

/** Tries the rules of an app. A backend tries those of its app, the operator those of any app. */
@ApiTags('rules')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/rules')
export class RulesController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly notifications: NotificationRepository,
    private readonly queue: JobQueue,
    private readonly evaluation: RuleEvaluation,
  ) {}

  @Post('evaluate')
  @HttpCode(200)
  @AllowAccess('backend-or-operator', { scope: 'read' })
  @AtOnce(8)
  @Audited('notification.reveal')
  @ApiErrors(...BODY_ERRORS, INVALID, 'APP.REQUIRED', 'APP.UNKNOWN', 'NOTIFICATION.NOT_FOUND')
  @ApiOperation({
    summary: 'Show which rules match an event, and the messages that would be sent',
    description:
      'Takes the `data` of a webhook, as if it came now, or a notification, as if it came when it was received; ' +
      'its age does not count. Nothing is recorded or sent. Bursts, limits of `sms.guard` and circuit breakers are not ' +
      'considered. Strings of a stored notification are shown with `admin.showContent` only, to an operator or a key with the ' +
      'scope `admin`, and the audit log records it.',
  })
  @ApiOkResponse({ type: EvaluationDto })
  async evaluate(
    @Body(new Validated(EvaluateDto, INVALID)) body: EvaluateDto,
    @CalledBy() caller: Caller,
    @AuditOf() audit: AuditDetails,
  ): Promise<EvaluationDto> {
    audit.isSkipped = true;
    const { notificationId, data } = body;
    if (notificationId && data) throw fault('data', 'is given beside notificationId: choose one');
    if (!notificationId)
      return { ...(await this.evaluation.of(this.givenEvent(body, caller))), isShown: true };

    const id = notificationId.toLowerCase();
    const event = await this.storedEvent(id, body, caller);
    const isShown = this.config.admin.showContent && maySeeContent(caller);
    Object.assign(audit, { appId: event.app.appId, uid: event.uid, target: id, isSkipped: !isShown });
    const found = await this.evaluation.of(event);
    return { ...(isShown ? found : hidden(found)), isShown };
  }

  private givenEvent({ appId, channel, data }: EvaluateDto, caller: Caller): TriedEvent {
    if (!data) throw fault('', 'needs data or a notificationId');
    if (!channel) throw fault('channel', 'is required with data');
    const app = callersApp(caller, appId ?? undefined, this.config.apps);
    const content = readData(channel, data);
    const uid = normaliseUid(content.to.uid) ?? content.to.uid;
    const kind = 'notificationDetails' in content ? kindOfPush(content.notificationDetails) : 'sms';
    return { app, channel, kind, uid, receivedAt: new Date(), content };
  }

  /** @throws GatewayError `NOTIFICATION.NOT_FOUND`, also if it belongs to another app than is named. */
  private async storedEvent(
    id: string,
    { appId, channel }: EvaluateDto,
    caller: Caller,
  ): Promise<TriedEvent> {
    const named =
      caller.kind === 'backend' || appId
        ? callersApp(caller, appId ?? undefined, this.config.apps).appId
        : undefined;
    const stored = await this.find(id);
    if (!stored || (named !== undefined && stored.appId !== named))
      throw new GatewayError('NOTIFICATION.NOT_FOUND');
    if (channel && channel !== stored.channel)
      throw fault('channel', `does not fit the notification: that is ${stored.channel}`);
    return {
      app: callersApp(caller, stored.appId, this.config.apps),
      channel: stored.channel as Channel,
      kind: stored.kind as NotificationKind,
      uid: stored.uid,
      receivedAt: stored.receivedAt,
      content: JSON.parse(stored.content) as PushContent | SmsContent,
    };
  }

  private async find(id: string): Promise<Stored | undefined> {
    const found = await findNotification(() => this.notifications.findWithContent(id), this.queue, id);
    if (!found) return undefined;
    if ('accepted' in found) return { ...found.accepted, receivedAt: new Date(found.accepted.receivedAt) };
    const { record, content } = found.record;
    return { ...record.notification, content };
  }
}

function maySeeContent(caller: Caller): boolean {
  if (caller.kind === 'backend') return caller.scopes.includes('admin');
  return caller.kind === 'operator' && caller.role === 'operator';
}

/** Without the strings of the notification. */
function hidden({ before, after, messages, ...rest }: Evaluation): Evaluation {
  return {
    ...rest,
    before: withoutStrings(before),
    after: withoutStrings(after),
    messages: messages.map((message) => ({ ...message, payload: withoutStrings(message.payload) })),
  };
}

const fault = (path: string, problem: string): GatewayError =>
  new GatewayError(INVALID, { errors: [{ path, problem }] });
