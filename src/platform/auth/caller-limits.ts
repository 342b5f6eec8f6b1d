import { applyDecorators } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors/gateway-error.js';
import { AddRouteConfig } from '../http/add-route-config.js';
import { ApiErrors } from '../http/api-errors.js';
import type { Caller } from './access.js';

const RETRY_AFTER_S = 1;

declare module 'fastify' {
  interface FastifyContextConfig {
    atOnce?: number;
  }
}

/**
 * Limits the requests of one caller that a process answers at the same time on this route, so that expensive ones leave
 * the database to everybody else.
 */
export const AtOnce = (limit: number): MethodDecorator =>
  applyDecorators(AddRouteConfig({ atOnce: limit }), ApiErrors('REQUEST.TOO_MANY_AT_ONCE'));

/** Counts requests in progress by route and caller: an app's backend or an operator. */
export class CallerLimits {
  private readonly running = new Map<string, number>();

  /** Counts the request until its answer has ended. @throws GatewayError `REQUEST.TOO_MANY_AT_ONCE` */
  enter(request: FastifyRequest, reply: FastifyReply): void {
    const { atOnce } = request.routeOptions.config;
    const name = nameOf(request.caller);
    // A client may leave while its password is checked. Then neither event below would come.
    if (atOnce === undefined || name === undefined || reply.raw.closed) return;
    const key = `${request.method} ${request.routeOptions.url ?? ''} ${name}`;
    const running = this.running.get(key) ?? 0;
    if (running >= atOnce)
      throw new GatewayError('REQUEST.TOO_MANY_AT_ONCE', { retryAfterSeconds: RETRY_AFTER_S });
    this.running.set(key, running + 1);
    const leave = once(() => this.leave(key));
    // Whichever comes first: the answer is written, or the client is gone.
    reply.raw.once('finish', leave).once('close', leave);
  }

  private leave(key: string): void {
    const left = (this.running.get(key) ?? 1) - 1;
    if (left === 0) this.running.delete(key);
    else this.running.set(key, left);
  }
}

function nameOf(caller: Caller): string | undefined {
  if (caller.kind === 'backend') return `backend ${caller.app.appId}`;
  return caller.kind === 'operator' ? `operator ${caller.username}` : undefined;
}

function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) run();
    isDone = true;
  };
}
