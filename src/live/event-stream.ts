import { Readable } from 'node:stream';
import type { Logger } from '../platform/logging/logger.js';
import { EventBatch, gapOf, type Audience } from './live-event.js';
import { RETRY, sseComment } from './sse-text.js';
import type { Listener, TopicPoller } from './topic-poller.js';

/** Some proxies end a response that is silent for 30 s. */
const COMMENT_EVERY_MS = 15_000;
/** After this time the client connects again, and its credentials are checked again. */
const MAX_AGE_MS = 900_000;
/** A client that leaves this much unread is too slow. Together with the events of one look, what a stream may hold. */
const MAX_BUFFERED_BYTES = 1_048_576;
/** With more missed events of a topic, a stream tells a gap: those of both topics together are not too much unread. */
const MAX_MISSED_BYTES = 524_288;
/** How long a stream may take to hand over its end. */
const END_WITHIN_MS = 500;
const NOTHING = Buffer.alloc(0);

export interface StreamRequest {
  readonly audience: Audience;
  readonly pollers: readonly TopicPoller[];
  /** The place where an earlier stream ended; undefined: begins now. Null: a place that is not known. */
  readonly since: Date | undefined | null;
}

/** One client's stream of server-sent events. */
export class EventStream {
  readonly body = new Readable({ read: () => undefined, highWaterMark: MAX_BUFFERED_BYTES });
  private readonly listeners = new Map<TopicPoller, Listener>();
  /** Those whose missed events have been sent. */
  private readonly caughtUp = new Set<TopicPoller>();
  private readonly timers: NodeJS.Timeout[] = [];
  /** The last status that was sent. */
  private status: string | undefined;
  private isEnded = false;

  constructor(
    private readonly request: StreamRequest,
    private readonly logger: Logger,
  ) {
    this.body.once('close', () => this.leave());
    this.body.push(RETRY);
    for (const poller of request.pollers) void this.follow(poller);
    this.timers.push(setInterval(() => this.push(sseComment(this.position())), COMMENT_EVERY_MS).unref());
    this.timers.push(setTimeout(() => this.end(), MAX_AGE_MS).unref());
  }

  /** Ends the stream; the client connects again. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.leave();
    this.body.push(RETRY);
    this.body.push(null);
    setTimeout(() => this.body.destroy(), END_WITHIN_MS).unref();
  }

  private leave(): void {
    for (const [poller, listener] of this.listeners) poller.leave(listener);
    this.listeners.clear();
    for (const timer of this.timers.splice(0)) clearTimeout(timer);
  }

  private async follow(poller: TopicPoller): Promise<void> {
    /** Events that come while the missed ones are read. */
    let waiting: EventBatch[] | undefined = [];
    const listener: Listener = (batch) => {
      if (waiting) waiting.push(batch);
      else this.send(batch);
    };
    this.listeners.set(poller, listener);
    await poller.follow(listener);
    const missed = await this.missedOf(poller);
    if (!this.listeners.has(poller)) return;
    this.send(new EventBatch(poller.topic.greeting()));
    this.push(missed);
    for (const batch of waiting) this.send(batch);
    waiting = undefined;
    this.caughtUp.add(poller);
    this.push(sseComment(this.position()));
  }

  /** The events of a topic since the place where an earlier stream ended. */
  private async missedOf(poller: TopicPoller): Promise<Buffer> {
    const { since, audience } = this.request;
    if (since === undefined || !poller.topic.isResumable) return NOTHING;
    const missed = since === null ? undefined : await poller.missedSince(since).catch(() => undefined);
    const bytes = missed && new EventBatch(missed).bytesFor(audience, this.position());
    if (bytes && bytes.length <= MAX_MISSED_BYTES) return bytes;
    return new EventBatch([gapOf(poller.topic.name)]).bytesFor(audience, this.position());
  }

  private send(batch: EventBatch): void {
    if (!this.isKnown(batch)) this.push(batch.bytesFor(this.request.audience, this.position()));
  }

  /** Whether it is the status that this stream has been sent last. */
  private isKnown({ events: [event] }: EventBatch): boolean {
    if (event?.name !== 'status') return false;
    const data = event.dataFor(this.request.audience);
    const isKnown = data === this.status;
    this.status = data;
    return isKnown;
  }

  private push(bytes: string | Buffer): void {
    if (bytes.length === 0 || this.isEnded || this.body.destroyed) return;
    const { readableLength } = this.body;
    if (readableLength > MAX_BUFFERED_BYTES) {
      this.logger.info({ bufferedBytes: readableLength }, 'events.reader_dropped');
      this.body.destroy();
      return;
    }
    this.body.push(bytes);
  }

  /** The place from which all topics can go on; undefined until what was missed of each has been sent. */
  private position(): Date | undefined {
    let first: Date | undefined;
    for (const poller of this.request.pollers) {
      const { topic, position } = poller;
      if (!topic.isResumable) continue;
      if (!position || !this.caughtUp.has(poller)) return undefined;
      if (!first || position < first) first = position;
    }
    return first;
  }
}
