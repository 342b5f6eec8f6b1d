import { Body, Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBasicAuth,
  ApiBody,
  ApiHeader,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import { AuditOf, Audited, type AuditDetails } from '../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../platform/auth/access.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { ApiErrors, BODY_ERRORS } from '../platform/http/api-errors.js';
import { validated } from '../platform/http/validated.js';
import { callersName } from './caller.js';
import { Intake } from './intake.js';
import { FirstRequests } from './first-requests.js';
import { dedupeFields, readIdempotency } from './idempotency.js';
import { SendAnswerDto, SendRequestDto, TargetDto } from './send-request.dto.js';
import { readSendRequest, readTarget } from './send-request.js';
import { Resend } from './resend.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  required: false,
  schema: { type: 'string', maxLength: 255 },
  description: 'A repeated request with the same key within a day is answered with the first notification.',
} as const;

/** Sends notifications of an app's backend, and resends earlier ones. */
@ApiTags('notifications')
@ApiSecurity('apikey')
@Controller('v1/notifications')
export class SendController {
  constructor(
    private readonly intake: Intake,
    private readonly resend: Resend,
    private readonly firstRequests: FirstRequests,
  ) {}

  @Post()
  @HttpCode(202)
  @AllowAccess('backend', { scope: 'send' })
  @ApiErrors(
    ...BODY_ERRORS,
    'REQUEST.INVALID_BODY',
    'REQUEST.INVALID_HEADER',
    'NOTIFICATION.NOT_STORED',
    'NOTIFICATION.IDEMPOTENCY_CONFLICT',
  )
  @ApiOperation({
    summary: 'Send a push or an SMS',
    description: 'Stored durably before the answer; delivery follows as for a webhook.',
  })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: SendRequestDto })
  @ApiAcceptedResponse({ type: SendAnswerDto })
  async send(
    @CalledBy() caller: Caller,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: unknown,
  ): Promise<SendAnswerDto> {
    if (caller.kind !== 'backend') throw new GatewayError('AUTH.FORBIDDEN');
    const { app, credential: receivedBy } = caller;
    const { appId } = app;
    const { channel, uid, content, target, ttlSeconds } = readSendRequest(
      validated(SendRequestDto, body, 'REQUEST.INVALID_BODY'),
    );
    const idempotency = readIdempotency(key, { appId, route: 'send' }, body);
    const result = await this.intake.accept({
      source: 'api',
      receivedBy,
      ...dedupeFields(idempotency),
      appId,
      channel,
      kind: 'api',
      uid,
      content: JSON.stringify(content),
      target,
      ttlSeconds,
    });
    return this.firstRequests.assertSame(result, idempotency);
  }

  @Post(':notificationId/resend')
  @HttpCode(202)
  @AllowAccess('backend-or-operator', { scope: 'send' })
  @Audited('notification.resend')
  @ApiErrors(
    ...BODY_ERRORS,
    'REQUEST.INVALID_BODY',
    'REQUEST.INVALID_HEADER',
    'NOTIFICATION.NOT_STORED',
    'NOTIFICATION.IDEMPOTENCY_CONFLICT',
    'NOTIFICATION.NOT_FOUND',
    'NOTIFICATION.RING_OVER',
  )
  @ApiBasicAuth('operator')
  @ApiOperation({
    summary: 'Resend a notification',
    description:
      'Creates a notification with the same content and kind for the current devices of the user. A target in the body ' +
      'replaces the original one. A ring is resent only while the call rings.',
  })
  @ApiHeader(IDEMPOTENCY_KEY)
  @ApiBody({ type: TargetDto, required: false })
  @ApiAcceptedResponse({ type: SendAnswerDto })
  async sendAgain(
    @CalledBy() caller: Caller,
    @Param('notificationId') given: string,
    @Headers('idempotency-key') key: string | undefined,
    @Body() body: unknown,
    @AuditOf() audit: AuditDetails,
  ): Promise<SendAnswerDto> {
    const id = given.toLowerCase();
    if (!UUID.test(id)) throw new GatewayError('NOTIFICATION.NOT_FOUND');
    const target = readTarget(validated(TargetDto, body ?? {}, 'REQUEST.INVALID_BODY'));
    const first = await this.resend.find(id, caller.kind === 'backend' ? caller.app.appId : undefined);
    audit.appId = first.appId;
    const idempotency = readIdempotency(key, { appId: first.appId, route: `resend ${id}` }, target ?? null);
    const event = await this.resend.again(first, target);
    const receivedBy = callersName(caller);
    const result = await this.intake.accept({ ...event, receivedBy, ...dedupeFields(idempotency) });
    return this.firstRequests.assertSame(result, idempotency);
  }
}
