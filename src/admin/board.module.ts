import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter as BoardAdapter } from '@bull-board/fastify';
import { Module, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { JobQueue } from '../queue/job-queue.js';

export const BOARD_PATH = '/admin/queues';

/**
 * Bull Board, for the operator. Its routes name no access of their own, so the rule for such routes holds for every
 * one of them: the operator alone (see `AuthModule`). Its Nest module guards only the first page, and is not used.
 */
@Module({})
export class BoardModule implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly queue: JobQueue,
  ) {}

  async onModuleInit(): Promise<void> {
    const board = new BoardAdapter();
    board.setBasePath(BOARD_PATH);
    // Its pages are named after their queues, and all shards of a lane have one name.
    const queues = this.queue
      .all()
      .map(({ queue, shard }) => new BullMQAdapter(queue, shard === 0 ? {} : { prefix: `shard-${shard}-` }));
    createBullBoard({ queues, serverAdapter: board, options: { uiConfig: { boardTitle: 'Bellhop' } } });
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    await fastify.register(board.registerPlugin(), { prefix: BOARD_PATH });
  }
}
