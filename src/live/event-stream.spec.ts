import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { EventStream } from './event-stream.js';
import { eventOfApp, type LiveEvent } from './live-event.js';
import type { Topic } from './topic.js';
import { TopicPoller } from './topic-poller.js';

const EVENT = eventOfApp('notification', 'app123', () => ({ text: 'x'.repeat(1_000) }));
const SINCE = new Date(0);
const TOPIC: Topic = {
  ...{ name: 'notifications', everyMs: 1, isResumable: true },
  begin: () => Promise.resolve(new Date(1)),
  look: () => Promise.resolve({ events: Array<LiveEvent>(200).fill(EVENT), completeTo: new Date(2) }),
  greeting: () => [],
  missedSince: () => Promise.resolve([]),
};
const QUIET: Topic = { ...TOPIC, look: () => Promise.resolve({ events: [], completeTo: new Date(2) }) };

function open(topics: readonly Topic[] = [TOPIC], since?: Date) {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const pollers = topics.map((topic) => new TopicPoller(topic, logger));
  const audience = { appId: undefined, reader: 'operator' } as const;
  return { stream: new EventStream({ audience, pollers, since }, logger), pollers, lines };
}

/** Reads a stream. @returns waits for a part of what it sends, and gives all that was read. */
function read({ body }: EventStream): (part: string) => Promise<string> {
  let text = '';
  body.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return async (part) => {
    while (!text.includes(part)) await new Promise(setImmediate);
    return text;
  };
}

describe('EventStream', () => {
  it('drops a client that does not read, and keeps little for it', async () => {
    const { stream, pollers, lines } = open();
    let most = 0;
    while (!stream.body.destroyed) {
      most = Math.max(most, stream.body.readableLength);
      await new Promise(setImmediate);
    }
    expect(most).toBeGreaterThan(1_000_000);
    expect(most).toBeLessThan(1_500_000);
    expect(lines.filter((line) => line.includes('events.reader_dropped'))).toHaveLength(1);
    await new Promise(setImmediate);
    expect(pollers.map(({ isRunning }) => isRunning)).toEqual([false]);
  });

  it('ends with the time after which to connect again', async () => {
    const { stream } = open();
    const until = read(stream);
    await until('event: notification\nid: 1\ndata: {');
    stream.end();
    while (!stream.body.destroyed) await new Promise(setImmediate);
    const text = await until('');
    expect(text.startsWith('retry: 3000\n\n: open\nid: 1\n\n')).toBe(true);
    expect(text.endsWith('retry: 3000\n\n')).toBe(true);
  });

  it('tells no place before it has sent what was missed of every topic', async () => {
    let answer = (_missed: readonly LiveEvent[]): void => undefined;
    const slow: Topic = {
      ...{ ...QUIET, name: 'sandbox' },
      missedSince: () => new Promise((resolve) => (answer = resolve)),
    };
    const { stream } = open([TOPIC, slow], SINCE);
    const until = read(stream);
    expect(await until('event: notification')).not.toContain('id: ');
    answer([EVENT]);
    const text = await until('id: ');
    stream.end();
    expect(text.slice(0, text.indexOf('id: ')).endsWith('x"}\n\n: open\n')).toBe(true);
  });

  it('tells a gap instead of a great many missed events', async () => {
    const missedSince = (): Promise<LiveEvent[]> => Promise.resolve(Array<LiveEvent>(600).fill(EVENT));
    const { stream } = open([{ ...QUIET, missedSince }], SINCE);
    const text = await read(stream)('id: ');
    stream.end();
    expect(text).toContain('event: gap\ndata: {"topic":"notifications"}\n\n: open\nid: ');
    expect(text).not.toContain('event: notification');
  });
});
