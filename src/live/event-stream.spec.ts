import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { EventStream } from './event-stream.js';
import { eventOfApp, type LiveEvent } from './live-event.js';
import type { Topic } from './topic.js';
import { TopicPoller } from './topic-poller.js';

const EVENT = eventOfApp('notification', 'app123', () => ({ text: 'x'.repeat(1_000) }));
const topic: Topic = {
  ...{ name: 'notifications', everyMs: 1, isResumable: true },
  begin: () => Promise.resolve(new Date(1)),
  look: () => Promise.resolve({ events: Array<LiveEvent>(200).fill(EVENT), completeTo: new Date(2) }),
  greeting: () => [],
  missedSince: () => Promise.resolve([]),
};

function open(): { stream: EventStream; poller: TopicPoller; lines: string[] } {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const poller = new TopicPoller(topic, logger);
  const audience = { appId: undefined, reader: 'operator' } as const;
  return {
    stream: new EventStream({ audience, pollers: [poller], since: undefined }, logger),
    poller,
    lines,
  };
}

describe('EventStream', () => {
  it('drops a client that does not read, and keeps little for it', async () => {
    const { stream, poller, lines } = open();
    let most = 0;
    while (!stream.body.destroyed) {
      most = Math.max(most, stream.body.readableLength);
      await new Promise(setImmediate);
    }
    expect(most).toBeGreaterThan(1_000_000);
    expect(most).toBeLessThan(1_500_000);
    expect(lines.filter((line) => line.includes('events.reader_dropped'))).toHaveLength(1);
    await new Promise(setImmediate);
    expect(poller.isRunning).toBe(false);
  });

  it('ends with the time after which to connect again', async () => {
    const { stream } = open();
    let text = '';
    stream.body.on('data', (chunk: Buffer) => (text += chunk.toString()));
    while (!text.includes('event: notification\nid: 1\ndata: {')) await new Promise(setImmediate);
    stream.end();
    while (!stream.body.destroyed) await new Promise(setImmediate);
    expect(text.startsWith('retry: 3000\n\n: open\nid: 1\n\n')).toBe(true);
    expect(text.endsWith('retry: 3000\n\n')).toBe(true);
  });
});
