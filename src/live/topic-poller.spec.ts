import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import { gapOf, type LiveEvent } from './live-event.js';
import type { Found, Topic } from './topic.js';
import { TopicPoller, type Listener } from './topic-poller.js';

class CountedTopic implements Topic {
  readonly name = 'notifications';
  readonly everyMs = 1_000;
  readonly isResumable = true;
  begun = 0;
  looks = 0;
  asked = 0;
  isAway = false;
  found: Found = { events: [], completeTo: new Date(2) };

  async begin(): Promise<Date> {
    if (this.isAway) throw new Error('away');
    this.begun += 1;
    return new Date(1);
  }

  async look(): Promise<Found> {
    if (this.isAway) throw new Error('away');
    this.looks += 1;
    return this.found;
  }

  greeting(): readonly LiveEvent[] {
    return [];
  }

  async missedSince(): Promise<readonly LiveEvent[]> {
    this.asked += 1;
    return [];
  }
}

let topic: CountedTopic;
let poller: TopicPoller;
let lines: string[];
beforeEach(() => {
  jest.useFakeTimers();
  topic = new CountedTopic();
  lines = [];
  poller = new TopicPoller(topic, pino({}, { write: (line: string) => void lines.push(line) }));
});
afterEach(() => {
  jest.useRealTimers();
});

describe('TopicPoller', () => {
  it('looks while somebody listens, once for all', async () => {
    const [first, second] = [jest.fn<Listener>(), jest.fn<Listener>()];
    expect(poller.isRunning).toBe(false);
    await poller.follow(first);
    await poller.follow(second);
    topic.found = { events: [gapOf('notifications')], completeTo: new Date(3) };
    await jest.advanceTimersByTimeAsync(1_000);
    expect([topic.begun, topic.looks, poller.position]).toEqual([1, 1, new Date(3)]);
    const [[batch] = []] = first.mock.calls;
    expect(batch?.events).toBe(topic.found.events);
    expect(second.mock.calls).toEqual([[batch]]);
    poller.leave(first);
    await jest.advanceTimersByTimeAsync(1_000);
    expect([topic.looks, first.mock.calls.length, second.mock.calls.length]).toEqual([2, 1, 2]);
    poller.leave(second);
    await jest.advanceTimersByTimeAsync(10_000);
    expect([topic.looks, poller.isRunning, poller.position]).toEqual([2, false, undefined]);
    await poller.follow(first);
    expect(topic.begun).toBe(2);
  });

  it('keeps its position while more is to come', async () => {
    await poller.follow(jest.fn());
    topic.found = { events: [gapOf('notifications')], completeTo: undefined };
    await jest.advanceTimersByTimeAsync(1_000);
    expect(poller.position).toEqual(new Date(1));
  });

  it('goes on after the store was away, and logs that once', async () => {
    topic.isAway = true;
    const following = poller.follow(jest.fn());
    await jest.advanceTimersByTimeAsync(3_000);
    topic.isAway = false;
    await jest.advanceTimersByTimeAsync(1_000);
    await following;
    await jest.advanceTimersByTimeAsync(1_000);
    topic.isAway = true;
    await jest.advanceTimersByTimeAsync(3_000);
    topic.isAway = false;
    await jest.advanceTimersByTimeAsync(1_000);
    expect([topic.begun, topic.looks]).toEqual([1, 2]);
    expect(lines.filter((line) => line.includes('events.poll_failed'))).toHaveLength(2);
  });

  it('begins again only after a look that still goes on', async () => {
    const first = jest.fn();
    await poller.follow(first);
    let finish = (_found: Found): void => undefined;
    topic.look = () => new Promise((resolve) => (finish = resolve));
    await jest.advanceTimersByTimeAsync(1_000);
    poller.leave(first);
    const second = jest.fn();
    const following = poller.follow(second);
    await jest.advanceTimersByTimeAsync(0);
    expect(topic.begun).toBe(1);
    finish({ events: [gapOf('notifications')], completeTo: new Date(2) });
    await following;
    expect([topic.begun, first.mock.calls, second.mock.calls]).toEqual([2, [], []]);
  });

  it('asks once for all streams that missed the same', async () => {
    await poller.follow(jest.fn());
    await Promise.all([poller.missedSince(new Date(1)), poller.missedSince(new Date(1))]);
    await poller.missedSince(new Date(2));
    expect(topic.asked).toBe(2);
  });
});
