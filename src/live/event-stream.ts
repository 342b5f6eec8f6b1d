import { Readable } from 'node:stream';
import type { Logger } from '../platform/logging/logger.js';
import { gapOf, type Audience, type LiveEvent } from './live-event.js';
import { RETRY, sseComment, sseEvent } from './sse-text.js';
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
    let waiting: LiveEvent[] | undefined = [];
    const listener: Listener = (events) => {
      if (waiting) waiting.push(...events);
      else this.send(events);
    };
    this.listeners.set(poller, listener);
    await poller.follow(listener);
    const missed = await this.missedOf(poller);
    if (!this.listeners.has(poller)) return;
    this.send(poller.topic.greeting());
    this.push(missed);
    this.send(waiting);
    waiting = undefined;
    this.caughtUp.add(poller);
    this.push(sseComment(this.position()));
  }

  /** The events of a topic since the place where an earlier stream ended. */
  private async missedOf(poller: TopicPoller): Promise<string> {
    const { since } = this.request;
    if (since === undefined || !poller.topic.isResumable) return '';
    const missed = since === null ? undefined : await poller.missedSince(since).catch(() => undefined);
    const text = missed && this.textOf(missed);
    const isTooMuch = text === undefined || Buffer.byteLength(text) > MAX_MISSED_BYTES;
    return isTooMuch ? this.textOf([gapOf(poller.topic.name)]) : text;
  }

  private send(events: readonly LiveEvent[]): void {
    this.push(this.textOf(events));
  }

  /** The events for the audience of this stream; empty if there are none. */
  private textOf(events: readonly LiveEvent[]): string {
    const { audience } = this.request;
    const id = this.position();
    const blocks: string[] = [];
    for (const event of events) {
      const data = event.dataFor(audience);
      if (data === undefined || (event.name === 'status' && data === this.status)) continue;
      if (event.name === 'status') this.status = data;
      blocks.push(sseEvent(event.name, data, id));
    }
    return blocks.join('');
  }

  private push(text: string): void {
    if (text === '' || this.isEnded || this.body.destroyed) return;
    const { readableLength } = this.body;
    if (readableLength > MAX_BUFFERED_BYTES) {
      this.logger.info({ bufferedBytes: readableLength }, 'events.reader_dropped');
      this.body.destroy();
      return;
    }
    this.body.push(text);
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
