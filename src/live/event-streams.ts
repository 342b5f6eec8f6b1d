import { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from '../platform/logging/logger.js';
import { LiveChangesRepository } from '../deliveries/live-changes.repository.js';
import { NotificationRepository } from '../deliveries/notification.repository.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { Readiness } from '../platform/health/readiness.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { EventStream } from './event-stream.js';
import type { Audience, TopicName } from './live-event.js';
import { NotificationsTopic } from './notifications-topic.js';
import { SandboxTopic } from './sandbox-topic.js';
import { RETRY } from './sse-text.js';
import { StatusBoard } from './status/status-board.js';
import { StatusTopic } from './status/status-topic.js';
import { TopicPoller } from './topic-poller.js';

/** Streams of one process. */
export const MAX_STREAMS = 500;
const RETRY_AFTER_S = 10;

export interface Followed {
  readonly topics: readonly TopicName[];
  readonly audience: Audience;
  /** As read from `Last-Event-ID`. */
  readonly since: Date | undefined | null;
}

/** The event streams of this process, with one poller for each topic. */
@Injectable()
export class EventStreams {
  private readonly pollers: Readonly<Record<TopicName, TopicPoller>>;
  private readonly open = new Set<EventStream>();

  constructor(
    changes: LiveChangesRepository,
    notifications: NotificationRepository,
    board: StatusBoard,
    private readonly readiness: Readiness,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.pollers = {
      notifications: new TopicPoller(new NotificationsTopic(changes, notifications), logger),
      sandbox: new TopicPoller(new SandboxTopic(changes), logger),
      status: new TopicPoller(new StatusTopic(board), logger),
    };
    readiness.onStop(() => this.endAll());
  }

  /** Topics that are polled now. */
  get polled(): TopicName[] {
    return Object.values(this.pollers).flatMap(({ topic, isRunning }) => (isRunning ? [topic.name] : []));
  }

  /** Starts a stream. Its bytes are UTF-8. @throws GatewayError `EVENTS.TOO_MANY` */
  follow({ topics, audience, since }: Followed): Readable {
    // Ends at once, so that the client tries another process.
    if (this.readiness.isStopping) return Readable.from([RETRY]);
    if (this.open.size >= MAX_STREAMS)
      throw new GatewayError('EVENTS.TOO_MANY', { retryAfterSeconds: RETRY_AFTER_S });
    const pollers = [...new Set(topics)].map((topic) => this.pollers[topic]);
    const stream = new EventStream({ audience, pollers, since }, this.logger);
    this.open.add(stream);
    stream.body.once('close', () => this.open.delete(stream));
    return stream.body;
  }

  private endAll(): void {
    for (const stream of this.open) stream.end();
  }
}
