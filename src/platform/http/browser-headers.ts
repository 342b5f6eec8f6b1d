import type { FastifyInstance } from 'fastify';

const NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/** Called by servers only, on the hot path. */
const NOT_FOR_BROWSERS = new Set(['webhook', 'vendor']);

/** Sets security headers for browsers. A page that needs more sets its own policy. */
export function addBrowserHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    if (NOT_FOR_BROWSERS.has(request.routeOptions?.config.access ?? '')) return done();
    if (!reply.hasHeader('content-security-policy')) void reply.header('content-security-policy', NO_PAGE);
    void reply
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store');
    done();
  });
}

/** For third-party pages whose scripts create styles. */
export const STYLES_IN_PAGE = "'unsafe-inline'";

/** For pages that load only the gateway's own scripts, styles and images. */
export function pagePolicy(furtherStyles = ''): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${furtherStyles}`.trimEnd(),
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
