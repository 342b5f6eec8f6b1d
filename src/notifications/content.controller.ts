import { Controller, Get, Param } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { NotificationRepository } from '../deliveries/notification.repository.js';
import { withoutStrings } from '../domain/without-strings.js';
import { AuditOf, Audited, type AuditDetails } from '../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../platform/auth/access.js';
import { AtOnce } from '../platform/auth/caller-limits.js';
import { isViewer } from '../platform/auth/is-viewer.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { ApiErrors } from '../platform/http/api-errors.js';
import { JobQueue } from '../queue/job-queue.js';
import { NotificationContentDto } from './content.dto.js';
import { findNotification } from './find-notification.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The content of a notification, which the operator sees only if `admin.showContent` allows it. */
@ApiTags('ledger')
@ApiBasicAuth('operator')
@Controller('v1/notifications')
export class ContentController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly notifications: NotificationRepository,
    private readonly queue: JobQueue,
  ) {}

  @Get(':notificationId/content')
  @AllowAccess('operator')
  @AtOnce(8)
  @Audited('notification.reveal')
  @ApiErrors('NOTIFICATION.NOT_FOUND')
  @ApiOperation({
    summary: 'The content of a notification',
    description:
      'With `admin.showContent`, an operator gets the content, and the audit log records it. Otherwise each string ' +
      'is replaced by its length.',
  })
  @ApiOkResponse({ type: NotificationContentDto })
  async show(
    @Param('notificationId') given: string,
    @CalledBy() caller: Caller,
    @AuditOf() audit: AuditDetails,
  ): Promise<NotificationContentDto> {
    const id = given.toLowerCase();
    const found = UUID.test(id) ? await this.find(id) : undefined;
    if (!found) throw new GatewayError('NOTIFICATION.NOT_FOUND');
    const isShown = this.config.admin.showContent && !isViewer(caller);
    const content = JSON.parse(found.content) as unknown;
    Object.assign(audit, { appId: found.appId, uid: found.uid, isSkipped: !isShown });
    return { id, isShown, content: isShown ? content : withoutStrings(content) };
  }

  private async find(id: string): Promise<{ appId: string; uid: string; content: string } | undefined> {
    const found = await findNotification(() => this.notifications.findWithContent(id), this.queue, id);
    if (!found) return undefined;
    if ('accepted' in found) return found.accepted;
    const { record, content } = found.record;
    return { appId: record.notification.appId, uid: record.notification.uid, content };
  }
}
