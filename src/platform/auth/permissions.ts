import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../errors/gateway-error.js';
import type { Caller } from './access.js';
import type { Scope } from './scope.js';

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Checks the scopes of an API key and the role of an operator.
 *
 * @throws GatewayError `AUTH.SCOPE_REQUIRED`, `AUTH.READ_ONLY`
 */
export function checkPermission(request: FastifyRequest, caller: Caller): void {
  if (caller.kind === 'backend') {
    const needed = scopesOf(request);
    if (needed.some((scope) => caller.scopes.includes(scope))) return;
    const problem = `needs the scope ${needed.join(' or ')}`;
    throw new GatewayError('AUTH.SCOPE_REQUIRED', { errors: [{ path: 'apikey', problem }] });
  }
  if (caller.kind === 'operator' && caller.role === 'viewer' && !isRead(request))
    throw new GatewayError('AUTH.READ_ONLY');
}

function scopesOf({ method, routeOptions }: FastifyRequest): readonly Scope[] {
  return routeOptions.config.scopes ?? [READS.has(method) ? 'read' : 'admin'];
}

/** Some lookups are no GET, because URLs are logged. */
function isRead(request: FastifyRequest): boolean {
  return READS.has(request.method) || scopesOf(request).includes('read');
}
