import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { IntakeModule } from '../notifications/notifications.module.js';
import { ReceivedWebhookRepository } from '../deliveries/received-webhook.repository.js';
import { Authenticators } from '../platform/auth/request-authenticator.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { CometChatInquiry } from './inquiry/cometchat-inquiry.js';
import { InquiryController } from './inquiry/inquiry.controller.js';
import { WebhookIntake } from './webhook-intake.js';
import { WebhookAuthenticator } from './webhook.authenticator.js';
import { WebhooksController } from './webhooks.controller.js';

/**
 * Stage 1, IN: authenticates CometChat's webhooks, validates them and derives their dedupe keys; asks CometChat about
 * those that did not come.
 */
@Module({
  imports: [IntakeModule],
  controllers: [WebhooksController, InquiryController],
  providers: [WebhookAuthenticator, WebhookIntake, CometChatInquiry, ReceivedWebhookRepository],
  exports: [WebhookIntake],
})
export class WebhooksModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly authenticators: Authenticators,
    private readonly authenticator: WebhookAuthenticator,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.authenticators.set('webhook', this.authenticator);
    this.host.httpAdapter.getInstance<FastifyInstance>().addHook('onResponse', (request, reply, done) => {
      if (request.routeOptions.config.access === 'webhook' && reply.statusCode >= 400) {
        const route = request.routeOptions.url?.endsWith('/sms') ? 'sms' : 'push';
        this.metrics.webhooks.inc({ route, answer: String(reply.statusCode) });
      }
      done();
    });
  }
}
