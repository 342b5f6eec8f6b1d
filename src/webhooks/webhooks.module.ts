import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Guards } from '../platform/auth/request-guard.js';
import { Metrics } from '../platform/metrics/metrics.js';
import { OrdersController } from './backend/orders.controller.js';
import { Resend } from './backend/resend.js';
import { WebhookGuard } from './guard/webhook.guard.js';
import { Intake } from './intake.js';
import { WebhooksController } from './webhooks.controller.js';

/** Stage 1, IN: checks who calls, checks what came, recognises repeats, stores durably, answers. */
@Module({
  controllers: [WebhooksController, OrdersController],
  providers: [WebhookGuard, Intake, Resend],
})
export class WebhooksModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly guards: Guards,
    private readonly guard: WebhookGuard,
    private readonly metrics: Metrics,
  ) {}

  onModuleInit(): void {
    this.guards.set('webhook', this.guard);
    this.host.httpAdapter.getInstance<FastifyInstance>().addHook('onResponse', async (request, reply) => {
      if (request.routeOptions.config.access !== 'webhook' || reply.statusCode < 400) return;
      const route = request.routeOptions.url?.endsWith('/sms') ? 'sms' : 'push';
      this.metrics.webhooks.inc({ route, answer: String(reply.statusCode) });
    });
  }
}
