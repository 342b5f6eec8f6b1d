import { BullModule, BullRegistrar, getQueueToken } from '@nestjs/bullmq';
import { Global, Inject, Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { setDefaultBackendFactory, createPostgresBackend, type ConnectionOptions, type Queue } from 'bullmq';
import pg from 'pg';
import type { Logger } from 'pino';
import { LOGGER } from '../platform/logging/logging.module.js';
import { JobQueue } from './job-queue.js';
import { LANES, type Lane } from './jobs.js';
import { turnConnector } from './turn-connector.js';
import { Workers } from './workers.js';

/** Where the queue lives: on Redis, or in a schema of its own on PostgreSQL. */
export type QueueStore = { readonly redisUrl: string } | { readonly pool: pg.Pool };

const QUEUES = Symbol('QUEUES');
const PREFIX = 'bellhop';
const RECONNECT_AT_MOST_MS = 2_000;

/** The belts between the stages: BullMQ on Redis or PostgreSQL behind one setting. */
@Global()
@Module({})
export class QueueModule implements OnApplicationBootstrap {
  constructor(
    private readonly registrar: BullRegistrar,
    private readonly workers: Workers,
    @Inject(QUEUES) private readonly queues: ReadonlyMap<Lane, Queue>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  static on(store: QueueStore): DynamicModule {
    const bull = BullModule.forRoot({
      connection: connectionTo(store),
      prefix: PREFIX,
      extraOptions: { manualRegistration: true },
    });
    const queues = BullModule.registerQueue(...LANES.map((name) => ({ name })));
    return {
      module: QueueModule,
      imports: [bull, queues, DiscoveryModule],
      providers: [
        {
          provide: QUEUES,
          useFactory: (...all: Queue[]) => new Map(LANES.map((lane, index) => [lane, all[index]])),
          inject: LANES.map((lane) => getQueueToken(lane)),
        },
        Workers,
        {
          provide: JobQueue,
          useFactory: (map: ReadonlyMap<Lane, Queue>) => new JobQueue(map),
          inject: [QUEUES],
        },
      ],
      exports: [JobQueue, Workers, queues],
    };
  }

  /** Workers start last: everything that they call is ready by then. */
  async onApplicationBootstrap(): Promise<void> {
    for (const [lane, queue] of this.queues) {
      queue.on('error', (err) => this.logger.warn({ err, lane }, 'queue.connection_failed'));
    }
    this.registrar.register();
    await this.workers.start();
  }
}

function connectionTo(store: QueueStore): ConnectionOptions {
  if ('pool' in store) {
    setDefaultBackendFactory(createPostgresBackend);
    return store.pool;
  }
  setDefaultBackendFactory();
  return {
    url: store.redisUrl,
    // A worker waits for Redis as long as it takes; JobQueue does not.
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(times * 100, RECONNECT_AT_MOST_MS),
    Connector: turnConnector(),
  };
}
