import type { FastifyInstance } from 'fastify';

const NO_PAGE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/** Their callers are servers, and every microsecond counts. */
const NOT_FOR_BROWSERS = new Set(['webhook', 'vendor']);

/** Says to browsers what they must not do with an answer. A page that needs more sets its own policy. */
export function addBrowserHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (request, reply) => {
    if (NOT_FOR_BROWSERS.has(request.routeOptions?.config.access ?? '')) return;
    if (!reply.hasHeader('content-security-policy')) void reply.header('content-security-policy', NO_PAGE);
    void reply
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'no-referrer')
      .header('cache-control', 'no-store');
  });
}

/** For pages of others, whose scripts make styles as they go. */
export const STYLES_IN_PAGE = "'unsafe-inline'";

/** The policy of a page whose scripts, styles and pictures are all the gateway's own. */
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
