import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBasicAuth, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { AcceptResult } from '../notifications/intake.js';
import { AllowAccess, CalledBy, type Caller } from '../platform/auth/access.js';
import { ApiErrors, BODY_ERRORS } from '../platform/http/api-errors.js';
import { PushWebhookDto } from './dto/push-webhook.dto.js';
import { SmsWebhookDto } from './dto/sms-webhook.dto.js';
import { WebhookAnswerDto } from './dto/webhook-answer.dto.js';
import { readPushWebhook, readSmsWebhook, WebhookIntake, type Arrival } from './webhook-intake.js';
import { WebhookAuthenticator } from './webhook.authenticator.js';

/** The webhook addresses of CometChat's custom providers. */
@ApiTags('webhooks')
@ApiBasicAuth('webhook')
@Controller('webhooks/cometchat')
export class WebhooksController {
  constructor(
    private readonly authenticator: WebhookAuthenticator,
    private readonly intake: WebhookIntake,
  ) {}

  @Post('push')
  @HttpCode(200)
  @AllowAccess('webhook')
  @ApiErrors(...BODY_ERRORS, 'WEBHOOK.INVALID_BODY', 'WEBHOOK.NOT_STORED')
  @ApiOperation({ summary: 'Accept a push event of CometChat’s custom provider' })
  @ApiBody({ type: PushWebhookDto })
  @ApiOkResponse({ type: WebhookAnswerDto })
  async push(@Body() body: unknown, @CalledBy() caller: Caller): Promise<WebhookAnswerDto> {
    const webhook = readPushWebhook(body);
    this.authenticator.assertMaySendFor(caller, webhook.appId);
    return answer(await this.intake.acceptPush(webhook, arrivalOf(caller)));
  }

  @Post('sms')
  @HttpCode(200)
  @AllowAccess('webhook')
  @ApiErrors(...BODY_ERRORS, 'WEBHOOK.INVALID_BODY', 'WEBHOOK.NOT_STORED')
  @ApiOperation({ summary: 'Accept an SMS event of CometChat’s custom provider' })
  @ApiBody({ type: SmsWebhookDto })
  @ApiOkResponse({ type: WebhookAnswerDto })
  async sms(@Body() body: unknown, @CalledBy() caller: Caller): Promise<WebhookAnswerDto> {
    const webhook = readSmsWebhook(body);
    this.authenticator.assertMaySendFor(caller, webhook.appId);
    return answer(await this.intake.acceptSms(webhook, arrivalOf(caller)));
  }
}

const arrivalOf = (caller: Caller): Arrival => ({
  receivedBy: caller.kind === 'webhook' ? caller.credential : undefined,
});

function answer({ notificationId, duplicate }: AcceptResult): WebhookAnswerDto {
  return { message: 'Webhook received successfully', notificationId, duplicate };
}
