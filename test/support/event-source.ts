import { until } from './until.js';

/** An event as a browser would give it. */
export interface SentEvent {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** A stream of server-sent events. */
export interface EventSource {
  readonly status: number;
  readonly headers: Headers;
  /** So far. */
  readonly events: readonly SentEvent[];
  /** All that was received. */
  text(): string;
  /** The last id, also of blocks without an event. */
  lastId(): string | undefined;
  /** Waits for an event. */
  event(holds: (event: SentEvent) => boolean): Promise<SentEvent>;
  /** Resolves when the stream has ended: whether its end was clean. */
  readonly ended: Promise<boolean>;
  close(): void;
}

/** Opens a stream. @throws Error if the gateway does not answer. */
export async function openEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventSource> {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  const events: SentEvent[] = [];
  let text = '';
  let lastId: string | undefined;
  const read = async (): Promise<void> => {
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const piece = decoder.decode(chunk as Uint8Array, { stream: true });
      text += piece;
      const blocks = (rest + piece).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const id = /^id: (.+)$/m.exec(block)?.[1];
        lastId = id ?? lastId;
        const data = /^data: (.+)$/m.exec(block)?.[1];
        const name = /^event: (.+)$/m.exec(block)?.[1];
        if (data !== undefined && name !== undefined) events.push({ name, id, data: JSON.parse(data) });
      }
    }
  };
  const ended = read().then(
    () => true,
    () => false,
  );
  return {
    status: response.status,
    headers: response.headers,
    events,
    text: () => text,
    lastId: () => lastId,
    event: (holds) =>
      until(
        () => events.find(holds),
        () => text.slice(-2_000),
      ),
    ended,
    close: () => stop.abort(),
  };
}

/** Opens a stream and waits until it tells where it begins, so that everything later comes. */
export async function openBegunEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventSource> {
  const source = await openEvents(url, headers);
  await until(
    () => source.lastId() !== undefined,
    () => source.text(),
  );
  return source;
}
