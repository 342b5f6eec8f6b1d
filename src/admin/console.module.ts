import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { BOARD_PATH } from './board.module.js';

/** Written by `npm run build`. The path is right for `src/admin` and for `dist/admin`. */
const BUILT = path.resolve(import.meta.dirname, '../../dist/console');
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

/** Serves the console's page and files. Both are open: the page asks for the login, and its data needs a session. */
@Module({})
export class ConsoleModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  async onModuleInit(): Promise<void> {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    await fastify.register(async (scope) => {
      scope.addHook('onSend', async (_request, reply) => {
        void reply.header('content-security-policy', POLICY);
      });
      servePage(scope);
      if (existsSync(BUILT)) await serveAssets(scope);
    });
  }
}

/** One page for all addresses of the console: the browser finds the view. */
function servePage(scope: FastifyInstance): void {
  const file = path.join(BUILT, 'index.html');
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
async function serveAssets(scope: FastifyInstance): Promise<void> {
  await scope.register(async (assets) => {
    assets.addHook('onRoute', (route) => {
      route.config = { ...route.config, ...OPEN };
    });
    assets.addHook('onSend', async (_request, reply) => {
      if (reply.statusCode < 400)
        void reply.header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`);
    });
    await assets.register(fastifyStatic, {
      root: path.join(BUILT, 'assets'),
      prefix: `${CONSOLE_PATH}/assets/`,
      index: false,
      decorateReply: false,
      preCompressed: true,
    });
  });
}

function isOfConsole({ url, headers }: FastifyRequest): boolean {
  const [pathname = ''] = url.split('?');
  const isOther = OTHERS.some((other) => pathname === other || pathname.startsWith(`${other}/`));
  return !isOther && (headers.accept ?? '').includes('text/html');
}
