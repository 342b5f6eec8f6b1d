import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter as BoardAdapter } from '@bull-board/fastify';
import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { withoutStringsOf } from '../domain/without-strings.js';
import type { Logger } from '../platform/logging/logger.js';
import { isViewer } from '../platform/auth/is-viewer.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { pagePolicy, STYLES_IN_PAGE } from '../platform/http/browser-headers.js';
import { answerWithError } from '../platform/http/error.filter.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { JobQueue } from '../queue/job-queue.js';
import { isFormerQueue, type QueueName } from '../queue/jobs.js';

export const BOARD_PATH = '/admin/queues';

/** Actions allowed without `admin.queueActions`, because they lose no job. */
const HARMLESS = [
  '/api/queues/:queueName/retry/:queueStatus',
  '/api/queues/:queueName/promote',
  '/api/queues/:queueName/:jobId/retry',
  '/api/queues/:queueName/:jobId/promote',
];
const LOOK_EVERY_MS = 10_000;
const FOREIGN_FONTS = /<link href="https:\/\/fonts\.googleapis\.com[^>]*>/g;
const POLICY = pagePolicy(STYLES_IN_PAGE);

/**
 * Bull Board, for the operator only: its routes declare no access, so the default of `AuthModule` applies to each. Its
 * Nest module is not used, because it protects only the first page.
 */
@Module({})
export class BoardModule implements OnModuleInit {
  /** When former queues are looked for again, by `performance.now()`. */
  private nextLookAt = 0;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly queue: JobQueue,
    private readonly config: GatewayConfig,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    const board = new BoardAdapter();
    board.setBasePath(BOARD_PATH);
    // Pages are named after queues, and all shards of a queue share its name.
    const queues = this.queue.all().map(({ queueName, queue, shard }) => ({
      queueName,
      adapter: new BullMQAdapter(queue, shard === 0 ? {} : { prefix: `shard-${shard}-` }),
    }));
    const { setQueues } = createBullBoard({
      queues: [],
      serverAdapter: board,
      options: { uiConfig: { boardTitle: 'Bellhop' } },
    });
    const show = (isShown: (queueName: QueueName) => boolean): void =>
      setQueues(queues.filter(({ queueName }) => isShown(queueName)).map(({ adapter }) => adapter));
    show((queueName) => !isFormerQueue(queueName));
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    await fastify.register(
      async (scope) => {
        this.guard(scope);
        scope.addHook('preHandler', () => this.showFormerQueues(show));
        await scope.register(board.registerPlugin());
      },
      { prefix: BOARD_PATH },
    );
  }

  /** Shows queues of earlier versions only while they hold jobs. If the store does not answer, nothing changes. */
  private async showFormerQueues(show: (isShown: (queueName: QueueName) => boolean) => void): Promise<void> {
    if (performance.now() < this.nextLookAt) return;
    this.nextLookAt = performance.now() + LOOK_EVERY_MS;
    const counts = await this.queue.counts().catch(() => undefined);
    if (!counts) return;
    const inUse = new Set(counts.map(({ queueName }) => queueName));
    show((queueName) => !isFormerQueue(queueName) || inUse.has(queueName));
  }

  /** Refuses single actions; Bull Board itself can only make a whole queue read-only. */
  private guard(scope: FastifyInstance): void {
    scope.addHook('onRoute', (route) => {
      if (route.method === 'GET' || route.method === 'HEAD') return;
      route.config = { ...route.config, audited: { action: `queue.${actionOf(route.url)}` } };
    });
    scope.addHook('onRequest', async (request, reply) => {
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const route = request.routeOptions.url ?? '';
      if (isRead || this.config.admin.queueActions || HARMLESS.some((action) => route.endsWith(action)))
        return;
      answerWithError(this.logger, new GatewayError('QUEUE.ACTIONS_OFF'), request, reply);
      await reply;
    });
    scope.addHook('onSend', async (request, reply, payload) => {
      void reply.header('content-security-policy', POLICY);
      const type = String(reply.getHeader('content-type'));
      if (typeof payload !== 'string') return payload;
      if (type.startsWith('text/html')) return payload.replace(FOREIGN_FONTS, '');
      const isMasked = isViewer(request.caller) && type.startsWith('application/json');
      return isMasked ? JSON.stringify(withoutStringsOf('content', JSON.parse(payload))) : payload;
    });
  }
}

/** The fixed parts of an action's URL after those of the queue: `retry`, `rate-limit-release`. */
function actionOf(url: string): string {
  const [, path = ''] = url.split('/api/');
  const fixed = path.split('/').filter((part) => part !== '' && part !== 'queues' && !part.startsWith(':'));
  return fixed.join('-');
}
