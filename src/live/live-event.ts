import { sseEvent } from './sse-text.js';

/** Topics that a stream may follow. */
export const TOPIC_NAMES = ['notifications', 'sandbox', 'status'] as const;
export type TopicName = (typeof TOPIC_NAMES)[number];

/** Who reads a stream. */
export interface Audience {
  /** Only of this app; undefined: of all apps. */
  readonly appId: string | undefined;
  readonly reader: Reader;
}

export type Reader = 'operator' | 'viewer' | 'backend';

/** An event of a topic, shared by all streams that follow it. */
export interface LiveEvent {
  readonly name: 'notification' | 'sandbox' | 'status' | 'gap';
  /** Its data as JSON; undefined: not for this audience. */
  dataFor(audience: Audience): string | undefined;
}

/** An event about one app: its data is converted once for each kind of reader. */
export function eventOfApp(
  name: LiveEvent['name'],
  appId: string,
  convert: (reader: Reader) => unknown,
): LiveEvent {
  const known = new Map<Reader, string>();
  return {
    name,
    dataFor: ({ appId: only, reader }) => {
      if (only !== undefined && only !== appId) return undefined;
      const data = known.get(reader) ?? JSON.stringify(convert(reader));
      known.set(reader, data);
      return data;
    },
  };
}

/** Tells a client to load a topic again, because a stream cannot give all that happened. */
export function gapOf(topic: TopicName): LiveEvent {
  const data = JSON.stringify({ topic });
  return { name: 'gap', dataFor: () => data };
}

/** Events that come together. Their text is built once for all streams that are at the same place. */
export class EventBatch {
  private readonly known = new Map<string, Buffer>();

  constructor(readonly events: readonly LiveEvent[]) {}

  /** @returns server-sent events in UTF-8; empty if none is for this audience. */
  bytesFor(audience: Audience, place: Date | undefined): Buffer {
    const key = `${audience.reader} ${place?.getTime() ?? ''} ${audience.appId ?? ''}`;
    const bytes = this.known.get(key) ?? Buffer.from(this.textFor(audience, place));
    this.known.set(key, bytes);
    return bytes;
  }

  private textFor(audience: Audience, place: Date | undefined): string {
    return this.events
      .map((event) => {
        const data = event.dataFor(audience);
        return data === undefined ? '' : sseEvent(event.name, data, place);
      })
      .join('');
  }
}
