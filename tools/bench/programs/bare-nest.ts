// The minimum cost of a webhook: Nest on Fastify parses the body, answers like the gateway, and stores nothing.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { Body, Controller, HttpCode, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

@Controller('webhooks/cometchat')
class BareController {
  @Post('push')
  @HttpCode(200)
  push(@Body() body: { readonly data: { readonly to: { readonly uid: string } } }): object {
    if (typeof body.data.to.uid !== 'string') throw new Error('The body was not parsed.');
    return { message: 'Webhook received successfully', notificationId: randomUUID(), duplicate: false };
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

const app = await NestFactory.create<NestFastifyApplication>(BareModule, new FastifyAdapter(), {
  logger: false,
});
await app.init();
const url = await app.getHttpAdapter().getInstance().listen({ host: '127.0.0.1', port: 0, backlog: 4_096 });
process.send?.({ url });
process.on('disconnect', () => process.exit(0));
