import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pagePolicy, STYLES_IN_PAGE } from '../platform/http/browser-headers.js';

/** The OpenAPI page at `/docs` and its document at `/docs-json`, open to anyone. */
export function serveApiDescription(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (/^\/docs(-json)?(\/|$)/.test(route.url)) route.config = { ...route.config, access: 'open' };
  });
  const policy = pagePolicy(STYLES_IN_PAGE);
  fastify.addHook('onSend', async (request, reply) => {
    if (/^\/docs(\/|$)/.test(request.routeOptions?.url ?? ''))
      void reply.header('content-security-policy', policy);
  });
  let document: OpenAPIObject | undefined;
  const build = (): OpenAPIObject => (document ??= apiDocument(app));
  SwaggerModule.setup('docs', app, build, { raw: false });
  // Half a megabyte, which Swagger would serialise for every request.
  let bytes: Buffer | undefined;
  app.getHttpAdapter().get('/docs-json', (_request: FastifyRequest, reply: FastifyReply) => {
    bytes ??= Buffer.from(JSON.stringify(build()));
    return reply.type('application/json; charset=utf-8').send(bytes);
  });
}

/** The OpenAPI document; docs/http-api.md is generated from it as well. */
export function apiDocument(app: INestApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('Bellhop')
    .setDescription('Delivers CometChat’s custom-provider webhooks as SMS and push notifications.')
    .setVersion('1')
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'A pair of `webhook.basicAuth`.' }, 'webhook')
    .addBasicAuth(
      {
        type: 'http',
        scheme: 'basic',
        description: 'An operator’s login; the cookie of a session is accepted, too.',
      },
      'operator',
    )
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'apikey', description: 'A key of `clients.apiKeys`.' },
      'apikey',
    )
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'client')
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'authToken',
        description: 'A CometChat auth token, where the app allows it.',
      },
      'authToken',
    )
    .build();
  return SwaggerModule.createDocument(app, description);
}
