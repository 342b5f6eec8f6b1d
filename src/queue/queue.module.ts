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
import { LANES } from './jobs.js';
import { OldShards } from './old-shards.js';
import { createPostgresQueueBackend } from './postgres-backend.js';
import { PostgresStore, type QueueStore } from './queue-store.js';
import { ReplicaWait } from './replica-wait.js';
import { Shards } from './shards.js';
import { shardedOver } from './sharded-worker.js';
import { Quarantine } from './quarantine.js';
import { Workers } from './workers.js';

const STORE = Symbol('STORE');
/** Then the process starts without its queue, and says so. */
const CONNECTED_WITHIN_MS = 3_000;

/** The belts between the stages: BullMQ on Redis or PostgreSQL behind one setting. */
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
      // Queues are made below, one a lane and shard: the framework knows them by their names, which do not differ.
      imports: [bull, BullModule.registerQueue(), DiscoveryModule],
      providers: [
        { provide: STORE, useValue: store },
        { provide: Shards, useValue: shards },
        { provide: JobQueue, useFactory: () => jobQueueOn(store, shards) },
        {
          provide: OldShards,
          useFactory: () => new OldShards(isOnPostgres ? undefined : store.client, shards),
        },
        Workers,
        Quarantine,
      ],
      exports: [JobQueue, Workers, Quarantine],
    };
  }

  /** Workers start last: everything that they call is ready by then. */
  async onApplicationBootstrap(): Promise<void> {
    for (const { lane, shard, queue } of this.queue.all()) {
      queue.on('error', (err) => this.logger.warn({ err, lane, shard }, 'queue.connection_failed'));
    }
    if (!(this.store instanceof PostgresStore)) await this.store.untilReady(CONNECTED_WITHIN_MS);
    // The framework keeps it for all gateways of a process; none registers while another does.
    BullModule.workerClass = shardedOver({
      shards: this.shards,
      queue: this.queue,
      logger: this.logger,
      connection: () =>
        this.store instanceof PostgresStore ? this.store.workerPool : this.store.workerClient,
      ownConnection: () => ownConnectionOf(this.store),
    });
    this.registrar.register();
    await this.workers.start();
  }

  /** Workers have ended by then. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.queue.all().map(({ queue }) => queue.close()));
  }
}

function jobQueueOn(store: QueueStore, shards: Shards): JobQueue {
  const connection = connectionOf(store);
  const lanes = new Map(
    LANES.map((lane) => [
      lane,
      shards.of(lane).map((shard) => new Queue(lane, { connection, prefix: shards.prefixOf(shard) })),
    ]),
  );
  if (store instanceof PostgresStore) return new JobQueue(lanes, shards);
  const { client, settings } = store;
  const replicas = settings.waitReplicas > 0 ? new ReplicaWait(client, settings.waitReplicas) : undefined;
  return new JobQueue(lanes, shards, client, replicas);
}

const connectionOf = (store: QueueStore): ConnectionOptions =>
  store instanceof PostgresStore ? store.pool : store.client;

function ownConnectionOf(store: QueueStore): { connection: ConnectionOptions; disconnect: () => void } {
  // The pool replaces a broken connection by itself.
  if (store instanceof PostgresStore) return { connection: store.workerPool, disconnect: () => undefined };
  const client = store.connect();
  return { connection: client, disconnect: () => store.disconnect(client) };
}
