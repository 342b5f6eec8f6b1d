import { queryClient } from './query-client.js';

export type Topic = 'notifications' | 'sandbox' | 'status';
export type EventName = 'notification' | 'sandbox' | 'status';
/** `polling`: no stream can be opened, so pages ask again from time to time. */
export type LiveState = 'connecting' | 'live' | 'polling';

export interface Subscriber {
  readonly topics: readonly Topic[];
  readonly appId: string | undefined;
  readonly onEvent: (name: EventName, data: unknown) => void;
  readonly onState: (state: LiveState) => void;
}

const EVENT_OF: Readonly<Record<Topic, EventName>> = {
  notifications: 'notification',
  sandbox: 'sandbox',
  status: 'status',
};
const NAMES: readonly EventName[] = ['notification', 'sandbox', 'status'];
/** With heavy traffic a gap comes every second; pages load again at most this often. */
const RELOAD_EVERY_MS = 10_000;
/** Failed attempts in a row after which pages poll beside the stream. */
const ATTEMPTS_BEFORE_POLLING = 3;

/**
 * The one stream of this tab, for all its subscribers, because a browser opens six connections per origin. It is closed
 * while the tab is hidden and while nobody subscribes.
 */
class EventHub {
  private readonly subscribers = new Set<Subscriber>();
  private source: EventSource | undefined;
  private address = '';
  private state: LiveState = 'connecting';
  private failures = 0;
  private pending: ReturnType<typeof setTimeout> | undefined;
  private reload: ReturnType<typeof setTimeout> | undefined;
  private reloadedAt = -RELOAD_EVERY_MS;

  constructor() {
    document.addEventListener('visibilitychange', () => this.schedule());
  }

  /** @returns a function that ends the subscription */
  subscribe(subscriber: Subscriber): () => void {
    this.subscribers.add(subscriber);
    subscriber.onState(this.state);
    this.schedule();
    return () => {
      this.subscribers.delete(subscriber);
      this.schedule();
    };
  }

  /** A change of the page ends and begins several subscriptions at once. */
  private schedule(): void {
    clearTimeout(this.pending);
    this.pending = setTimeout(() => this.connect(), 0);
  }

  private connect(): void {
    const address = document.hidden ? '' : this.wantedAddress();
    if (address === this.address) return;
    this.address = address;
    this.source?.close();
    this.source = undefined;
    if (address === '') return;
    this.setState('connecting');
    this.failures = 0;
    const source = new EventSource(address);
    this.source = source;
    source.addEventListener('open', () => {
      this.failures = 0;
      this.setState('live');
    });
    source.addEventListener('error', () => this.failed(source));
    source.addEventListener('gap', () => this.reloadSoon());
    for (const name of NAMES)
      source.addEventListener(name, (event: MessageEvent<string>) => this.pass(name, JSON.parse(event.data)));
  }

  /** Asks for everything again that is shown: the stream could not tell all that happened. */
  private reloadSoon(): void {
    this.reload ??= setTimeout(
      () => {
        this.reload = undefined;
        this.reloadedAt = performance.now();
        void queryClient.invalidateQueries();
      },
      Math.max(0, this.reloadedAt + RELOAD_EVERY_MS - performance.now()),
    );
  }

  /** The topics of all subscribers; one app if all that have one have the same. */
  private wantedAddress(): string {
    const all = [...this.subscribers];
    if (all.length === 0) return '';
    const topics = [...new Set(all.flatMap((one) => one.topics))].sort((a, b) => a.localeCompare(b));
    const apps = new Set(
      all.filter((one) => one.topics.some((topic) => topic !== 'status')).map((one) => one.appId),
    );
    const [appId] = apps.size === 1 ? [...apps] : [];
    const query = new URLSearchParams({ topics: topics.join(','), ...(appId !== undefined && { appId }) });
    return `/v1/events?${query.toString()}`;
  }

  /** The browser reconnects by itself, unless it was refused. */
  private failed(source: EventSource): void {
    this.failures += 1;
    const isRefused = source.readyState === EventSource.CLOSED;
    this.setState(isRefused || this.failures >= ATTEMPTS_BEFORE_POLLING ? 'polling' : 'connecting');
    // A refused stream is tried again when the tab is shown again or the subscriptions change.
    if (isRefused) this.address = '';
  }

  private pass(name: EventName, data: unknown): void {
    for (const { topics, appId, onEvent } of this.subscribers) {
      const isWanted = topics.some((topic) => EVENT_OF[topic] === name);
      if (isWanted && (appId === undefined || name === 'status' || appIdIn(data) === appId))
        onEvent(name, data);
    }
  }

  private setState(state: LiveState): void {
    this.state = state;
    for (const { onState } of this.subscribers) onState(state);
  }
}

const appIdIn = (data: unknown): unknown =>
  typeof data === 'object' && data !== null && 'appId' in data ? data.appId : undefined;

export const eventHub = new EventHub();
