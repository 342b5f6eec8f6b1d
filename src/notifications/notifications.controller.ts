import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiSecurity, ApiTags } from '@nestjs/swagger';
import { normaliseUid } from '../domain/uid.js';
import { AllowAccess, CalledBy, type Caller } from '../platform/auth/access.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { isViewer } from '../platform/auth/is-viewer.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { ApiErrors } from '../platform/http/api-errors.js';
import { toMoment } from '../platform/http/moment.decorator.js';
import { Validated } from '../platform/http/validated.js';
import { appOfQuery } from '../platform/auth/app-of-query.js';
import { findNotification, isNotificationDeadLettered } from './find-notification.js';
import { JobQueue } from '../queue/job-queue.js';
import { NotificationRepository } from '../deliveries/notification.repository.js';
import { MAX_SCANNED, MAX_SCANNED_WITH_ATTEMPTS } from '../deliveries/notification-scan.js';
import { toDto } from './notification-view.js';
import { NotificationQueryDto } from './notification-query.dto.js';
import { NotificationPageDto } from './notification.dto.js';
import { pageEnd, pageStart } from './page-end.js';
import { withoutContent } from './without-content.js';
import { StoryTeller } from './story/story-teller.js';
import { NotificationStoryDto } from './story/story.dto.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Notifications and their deliveries. A backend sees those of its app, the operator all. */
@ApiTags('ledger')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/notifications')
export class NotificationsController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly notifications: NotificationRepository,
    private readonly queue: JobQueue,
    private readonly story: StoryTeller,
  ) {}

  @Get(':notificationId')
  @AllowAccess('backend-or-operator')
  @ApiErrors('NOTIFICATION.NOT_FOUND')
  @ApiOperation({ summary: 'One notification with its deliveries, attempts and story' })
  @ApiOkResponse({ type: NotificationStoryDto })
  async find(
    @Param('notificationId') given: string,
    @CalledBy() caller: Caller,
  ): Promise<NotificationStoryDto> {
    const id = given.toLowerCase();
    if (!UUID.test(id)) throw new GatewayError('NOTIFICATION.NOT_FOUND');
    const appId = appOf(caller);
    const found = await findNotification(() => this.notifications.findWithContent(id, appId), this.queue, id);
    if (found && 'record' in found) {
      const story = await this.story.tell(found.record.record, found.record.content);
      return isViewer(caller) ? withoutContent(story) : story;
    }
    if (found && (appId === undefined || found.accepted.appId === appId)) {
      return this.story.tellAccepted(id, found.accepted, await isNotificationDeadLettered(this.queue, id));
    }
    throw new GatewayError('NOTIFICATION.NOT_FOUND');
  }

  @Get()
  @AllowAccess('backend-or-operator')
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.UNKNOWN')
  @ApiOperation({
    summary: 'Notifications, newest first',
    description: `Every given filter must match. A request looks at ${MAX_SCANNED.toLocaleString('en')} notifications at most, with \`provider\` or \`outcome\` at ${MAX_SCANNED_WITH_ATTEMPTS.toLocaleString('en')}; then the page ends early, and \`scannedTo\` says how far it looked back. \`uid\`, \`status\`, \`replayId\`, \`hasDuplicate=true\` and the \`sessionId\` of a call that rang are found by an index.`,
  })
  @ApiOkResponse({ type: NotificationPageDto })
  async list(
    @Query(new Validated(NotificationQueryDto, 'REQUEST.INVALID_QUERY')) query: NotificationQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<NotificationPageDto> {
    const { channel, kind, status, source, reason, provider, outcome, tag, sessionId } = query;
    const { appId, uid, cursor, from, to, limit, slowerThanMs, hasDuplicate, replayId } = query;
    const app = appOfQuery(this.config, caller, appId);
    const { records, stoppedAt } = await this.notifications.list(
      {
        ...{ channel, kind, status, source, reason, provider, outcome, tag, sessionId, slowerThanMs },
        ...{ hasDuplicate, replayId },
        appIds: app && [app.appId],
        before: pageStart(cursor).before,
        uid: uid === undefined ? undefined : (normaliseUid(uid) ?? uid),
        from: from === undefined ? undefined : toMoment(from),
        to: to === undefined ? undefined : toMoment(to),
      },
      limit,
    );
    const data = records.map(toDto);
    return { data: isViewer(caller) ? data.map(withoutContent) : data, ...pageEnd(stoppedAt) };
  }
}

function appOf(caller: Caller): string | undefined {
  return caller.kind === 'backend' ? caller.app.appId : undefined;
}
