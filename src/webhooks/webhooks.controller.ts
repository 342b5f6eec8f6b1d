import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { kindOfPush } from '../domain/event.js';
import type { Channel } from '../domain/notification.js';
import { normaliseUid } from '../domain/uid.js';
import { Intake, type AcceptResult } from '../notifications/intake.js';
import { AllowAccess, CalledBy, type Caller } from '../platform/auth/access.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { ApiErrors, BODY_ERRORS } from '../platform/http/api-errors.js';
import { compiledCheck } from '../platform/http/compiled-check.js';
import { validated } from '../platform/http/validated.js';
import type { Dedupe } from '../queue/job-queue.js';
import { pushDedupeKey, smsDedupeKey } from './dedupe-key.js';
import { PushWebhookDto } from './dto/push-webhook.dto.js';
import { SmsWebhookDto } from './dto/sms-webhook.dto.js';
import { WebhookAnswerDto } from './dto/webhook-answer.dto.js';
import { WebhookAuthenticator } from './webhook.authenticator.js';

const isPush = compiledCheck(PushWebhookDto);
const isSms = compiledCheck(SmsWebhookDto);
const MS_PER_MINUTE = 60_000;
const INVALID = 'WEBHOOK.INVALID_BODY';

/** The webhook addresses of CometChat's custom providers. */
@ApiTags('webhooks')
@ApiBasicAuth('webhook')
@Controller('webhooks/cometchat')
export class WebhooksController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly authenticator: WebhookAuthenticator,
    private readonly intake: Intake,
  ) {}

  @Post('push')
  @HttpCode(200)
  @AllowAccess('webhook')
  @ApiErrors(...BODY_ERRORS, 'WEBHOOK.INVALID_BODY', 'WEBHOOK.NOT_STORED')
  @ApiOperation({ summary: 'Accept a push event of CometChat’s custom provider' })
  @ApiBody({ type: PushWebhookDto })
  @ApiOkResponse({ type: WebhookAnswerDto })
  async push(@Body() body: unknown, @CalledBy() caller: Caller): Promise<WebhookAnswerDto> {
    const { appId, data } = isPush(body) ? body : validated(PushWebhookDto, body, INVALID);
    this.authenticator.assertMaySendFor(caller, appId);
    const uid = normaliseUid(data.to.uid) ?? data.to.uid;
    const result = await this.intake.accept({
      source: 'webhook',
      receivedBy: caller.kind === 'webhook' ? caller.credential : undefined,
      appId,
      channel: 'push',
      kind: kindOfPush(data.notificationDetails),
      uid,
      dedupe: this.dedupe('push', pushDedupeKey(appId, uid, data)),
      content: JSON.stringify(data),
    });
    return answer(result);
  }

  @Post('sms')
  @HttpCode(200)
  @AllowAccess('webhook')
  @ApiErrors(...BODY_ERRORS, 'WEBHOOK.INVALID_BODY', 'WEBHOOK.NOT_STORED')
  @ApiOperation({ summary: 'Accept an SMS event of CometChat’s custom provider' })
  @ApiBody({ type: SmsWebhookDto })
  @ApiOkResponse({ type: WebhookAnswerDto })
  async sms(@Body() body: unknown, @CalledBy() caller: Caller): Promise<WebhookAnswerDto> {
    const { appId, data } = isSms(body) ? body : validated(SmsWebhookDto, body, INVALID);
    this.authenticator.assertMaySendFor(caller, appId);
    const result = await this.intake.accept({
      source: 'webhook',
      receivedBy: caller.kind === 'webhook' ? caller.credential : undefined,
      appId,
      channel: 'sms',
      kind: 'sms',
      uid: normaliseUid(data.to.uid) ?? data.to.uid,
      dedupe: this.dedupe('sms', smsDedupeKey(appId, data)),
      content: JSON.stringify(data),
    });
    return answer(result);
  }

  private dedupe(channel: Channel, key: string): Dedupe {
    const { smsDedupeMinutes, pushDedupeMinutes } = this.config.intake;
    return { key, windowMs: (channel === 'sms' ? smsDedupeMinutes : pushDedupeMinutes) * MS_PER_MINUTE };
  }
}

function answer({ notificationId, duplicate }: AcceptResult): WebhookAnswerDto {
  return { message: 'Webhook received successfully', notificationId, duplicate };
}
