import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { BOARD_PATH } from './board.module.js';

const CONSOLE_PATH = '/admin';
/** Below the console's path, but not the console's. */
const OTHERS = [BOARD_PATH, '/admin/api', '/admin/assets'];
const OPEN = { access: 'open' } as const;
const YEAR_SECONDS = 31_536_000;

/** Only the gateway's own files; no inline code, no styles in HTML, no markup made by scripts. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/**
 * Serves the console's page and files to anyone: the page asks for the login, and its data needs a session.
 *
 * @param directory as built by `npm run build`; if it is missing, pages are answered with `CONSOLE.NOT_BUILT`.
 */
export async function serveConsole(fastify: FastifyInstance, directory: string): Promise<void> {
  await fastify.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply) => {
      void reply.header('content-security-policy', POLICY);
    });
    servePage(scope, path.join(directory, 'index.html'));
    if (existsSync(directory)) await serveAssets(scope, path.join(directory, 'assets'));
  });
}

/** One page for all addresses of the console: the browser finds the view. */
function servePage(scope: FastifyInstance, file: string): void {
  const page = existsSync(file) ? readFileSync(file) : undefined;
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (!isOfConsole(request)) throw new GatewayError('REQUEST.NOT_FOUND');
    if (!page) throw new GatewayError('CONSOLE.NOT_BUILT');
    return reply.type('text/html; charset=utf-8').send(page);
  };
  scope.get(CONSOLE_PATH, { config: OPEN }, async (_request, reply) => reply.redirect(`${CONSOLE_PATH}/`));
  scope.get(`${CONSOLE_PATH}/*`, { config: OPEN }, answer);
}

/** Their names carry a hash of their content. Each lies beside its forms in Brotli and gzip. */
async function serveAssets(scope: FastifyInstance, root: string): Promise<void> {
  await scope.register(async (assets) => {
    assets.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...OPEN };
    });
    assets.addHook('onSend', async (_request, reply) => {
      if (reply.statusCode < 400)
        void reply.header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`);
    });
    // A path out of the folder, or a condition that the file does not meet: there is no such file.
    assets.setErrorHandler((error: FastifyError) => {
      if (error.statusCode === undefined || error.statusCode >= 500) throw error;
      throw new GatewayError('REQUEST.NOT_FOUND', { cause: error });
    });
    await assets.register(fastifyStatic, {
      ...{ root, prefix: `${CONSOLE_PATH}/assets/` },
      ...{ index: false, decorateReply: false, preCompressed: true, acceptRanges: false },
    });
  });
}

function isOfConsole({ url, headers }: FastifyRequest): boolean {
  const [pathname = ''] = url.split('?');
  const isOther = OTHERS.some((other) => pathname === other || pathname.startsWith(`${other}/`));
  return !isOther && (headers.accept ?? '').includes('text/html');
}
