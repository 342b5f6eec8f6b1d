import { BullModule, BullRegistrar } from '@nestjs/bullmq';
import {
  Global,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Queue, setDefaultBackendFactory, type ConnectionOptions } from 'bullmq';
import type { Logger } from '../platform/logging/logger.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { JobQueue } from './job-queue.js';
import { ALL_QUEUES } from './jobs.js';
import { OrphanedShards } from './bullmq/orphaned-shards.js';
import { createPostgresQueueBackend } from './bullmq/postgres-backend.js';
import { PostgresStore, type QueueStore } from './bullmq/queue-store.js';
import { ReplicaWait } from './bullmq/replica-wait.js';
import { Shards } from './shards.js';
import { shardedWorkerOver, type WorkerConnection } from './bullmq/sharded-worker.js';
import { JobIsolation } from './job-isolation.js';
import { UpkeepTasks } from './upkeep-tasks.js';
import { Workers } from './workers.js';

const STORE = Symbol('STORE');
/** Maximum wait in ms for the store; then the process starts without it and logs that. */
const CONNECTED_WITHIN_MS = 3_000;

/** Queues between the stages: BullMQ on Redis or PostgreSQL, by one setting. */
@Global()
@Module({})
export class QueueModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly registrar: BullRegistrar,
    private readonly workers: Workers,
    private readonly queue: JobQueue,
    private readonly shards: Shards,
    @Inject(STORE) private readonly store: QueueStore,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  static on(store: QueueStore): DynamicModule {
    const isOnPostgres = store instanceof PostgresStore;
    setDefaultBackendFactory(isOnPostgres ? createPostgresQueueBackend : undefined);
    const shards = isOnPostgres
      ? new Shards(1)
      : new Shards(store.settings.shards, store.settings.cluster !== undefined);
    const bull = BullModule.forRoot({
      connection: connectionOf(store),
      extraOptions: { manualRegistration: true },
    });
    return {
      module: QueueModule,
      // Queues are created below: @nestjs/bullmq identifies them by name, which all shards of a queue share.
      imports: [bull, BullModule.registerQueue(), DiscoveryModule],
      providers: [
        { provide: STORE, useValue: store },
        { provide: Shards, useValue: shards },
        { provide: JobQueue, useFactory: () => jobQueueOn(store, shards) },
        {
          provide: OrphanedShards,
          useFactory: () => new OrphanedShards(isOnPostgres ? undefined : store.client, shards),
        },
        Workers,
        JobIsolation,
        UpkeepTasks,
      ],
      exports: [JobQueue, Workers, JobIsolation, UpkeepTasks],
    };
  }

  /** Workers start last, when their dependencies are ready. */
  async onApplicationBootstrap(): Promise<void> {
    for (const { queueName, shard, queue } of this.queue.all()) {
      queue.on('error', (err) =>
        this.logger.warn({ err, queue: queueName, shard }, 'queue.connection_failed'),
      );
    }
    if (!(this.store instanceof PostgresStore)) await this.store.untilReady(CONNECTED_WITHIN_MS);
    // Static, and thus shared by all gateways of a process, which never register concurrently.
    BullModule.workerClass = shardedWorkerOver({
      shards: this.shards,
      queue: this.queue,
      logger: this.logger,
      connect: (isShared) => connectWorker(this.store, isShared),
    });
    this.registrar.register();
    await this.workers.start();
  }

  /** Runs after the workers have closed. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.queue.all().map(({ queue }) => queue.close()));
  }
}

function jobQueueOn(store: QueueStore, shards: Shards): JobQueue {
  const connection = connectionOf(store);
  const queues = new Map(
    ALL_QUEUES.map((queueName) => [
      queueName,
      shards
        .of(queueName)
        .map((shard) => new Queue(queueName, { connection, prefix: shards.prefixOf(shard) })),
    ]),
  );
  if (store instanceof PostgresStore) return new JobQueue(queues, shards);
  const { client, settings } = store;
  const replicas = settings.waitReplicas > 0 ? new ReplicaWait(client, settings.waitReplicas) : undefined;
  return new JobQueue(queues, shards, client, replicas);
}

const connectionOf = (store: QueueStore): ConnectionOptions =>
  store instanceof PostgresStore ? store.pool : store.client;

function connectWorker(store: QueueStore, isShared: boolean): WorkerConnection {
  const disconnect = (): void => undefined;
  // The pool replaces broken connections.
  if (store instanceof PostgresStore) return { connection: store.workerPool, disconnect };
  if (isShared) return { connection: store.workerClient, disconnect };
  const client = store.connect();
  return { connection: client, disconnect: () => store.disconnect(client) };
}
