import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayConfig } from '../config/gateway-config.js';
import { headerOf } from './header.js';

const CLIENT_ROUTES = /^\/v1\/me\//;
const METHODS = 'GET, POST, PUT, DELETE';
const REQUEST_HEADERS = 'Authorization, authToken, appId, Content-Type';
const ANSWER_HEADERS = 'Retry-After, X-Request-Id';
const PREFLIGHT_SECONDS = '600';

/**
 * Allows scripts from an app's `clients.allowedOrigins` to call the client routes. A preflight carries no credentials
 * and names no app, so the origins of all apps are allowed.
 */
@Injectable()
export class ClientCors {
  private readonly origins: ReadonlySet<string>;

  constructor(config: GatewayConfig) {
    this.origins = new Set(config.apps.flatMap(({ clients }) => clients.allowedOrigins));
  }

  /** @returns whether it was a preflight and has been answered. */
  answerPreflight(request: FastifyRequest, reply: FastifyReply): boolean {
    if (request.method !== 'OPTIONS' || !CLIENT_ROUTES.test(request.url)) return false;
    const origin = headerOf(request, 'origin');
    const isPreflight = headerOf(request, 'access-control-request-method') !== undefined;
    if (!isPreflight || origin === undefined || !this.origins.has(origin)) return false;
    void reply
      .header('access-control-allow-origin', origin)
      .header('access-control-allow-methods', METHODS)
      .header('access-control-allow-headers', REQUEST_HEADERS)
      .header('access-control-max-age', PREFLIGHT_SECONDS)
      .header('vary', 'Origin')
      .code(204)
      .send();
    return true;
  }

  /** Errors are readable too: scripts need `Retry-After`. */
  allowReading(request: FastifyRequest, reply: FastifyReply): void {
    if (this.origins.size === 0 || request.routeOptions?.config.access !== 'client') return;
    void reply.header('vary', 'Origin');
    const origin = headerOf(request, 'origin');
    const { caller } = request;
    const origins = caller?.kind === 'client' ? new Set(caller.app.clients.allowedOrigins) : this.origins;
    if (origin === undefined || !origins.has(origin)) return;
    void reply
      .header('access-control-allow-origin', origin)
      .header('access-control-expose-headers', ANSWER_HEADERS);
  }
}
