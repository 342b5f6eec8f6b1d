import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { bellhop } from '../support/bellhop.js';
import { openBegunEvents, openEvents, type EventSource } from '../support/event-source.js';
import { startTestGateway, type NotificationJson, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { startProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const STREAMS = 50;
/** Streams must end long before connections are refused. */
const SHUTDOWN_DELAY_MS = 1_000;

let postgres: TestPostgres;
let old: TestGateway;
let next: TestGateway;
beforeAll(async () => {
  postgres = await startPostgres();
  old = await startTestGateway({ postgres, settings: { shutdownDelayMs: SHUTDOWN_DELAY_MS } });
  next = await startTestGateway({ postgres, keepRedis: true });
  await next.backend('POST', '/v1/users/ann/devices', { platform: 'fcm_android', fcmToken: 'token-of-ann' });
});
afterAll(async () => {
  await next.close();
  await postgres.close();
});

const follow = (gateway: TestGateway, lastId?: string): Promise<EventSource> =>
  openBegunEvents(`${gateway.url}/v1/events?topics=notifications`, {
    apikey: DEMO.apiKey,
    ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
  });

const idsIn = ({ events }: EventSource): string[] => events.map(({ data }) => (data as NotificationJson).id);

describe('a rolling restart', () => {
  it('ends all streams at the first sign of a stop, and loses no event', async () => {
    const streams = await Promise.all(Array.from({ length: STREAMS }, () => follow(old)));
    const posted: string[] = [];
    const post = async (): Promise<void> => {
      const answer = await next.webhook('push', push({ tag: `restart-${posted.length}` }, 'ann'));
      posted.push(answer.json<{ notificationId: string }>().notificationId);
    };
    for (let i = 0; i < 5; i++) await post();
    const [first] = streams;
    if (!first) throw new Error('There is no stream.');
    await until(() => first.events.length > 0);

    let isStopped = false;
    const stopping = old.close().then(() => (isStopped = true));
    const ends = await Promise.all(streams.map(({ ended }) => ended));
    expect(isStopped).toBe(false);
    expect(ends.every((isClean) => isClean)).toBe(true);
    for (const stream of streams) expect(stream.text().endsWith('retry: 3000\n\n')).toBe(true);
    const late = await openEvents(`${old.url}/v1/events`, { apikey: DEMO.apiKey });
    expect([late.status, await late.ended, late.text()]).toEqual([200, true, 'retry: 3000\n\n']);
    await stopping;

    for (let i = 0; i < 5; i++) await post();
    const resumed = await follow(next, first.lastId());
    for (let i = 0; i < 5; i++) await post();
    const seen = (): Set<string> => new Set([...idsIn(first), ...idsIn(resumed)]);
    await until(
      () => posted.every((id) => seen().has(id)),
      () => [posted, [...seen()]],
    );
    expect(resumed.events.map(({ name }) => name)).not.toContain('gap');
    resumed.close();
  });

  it('does not interrupt bellhop tail', async () => {
    const proxy = await startProxy(next.url);
    const stop = new AbortController();
    const env = { BELLHOP_URL: proxy.url, BELLHOP_API_KEY: DEMO.apiKey };
    let data = '';
    const following = bellhop(['tail', '--json'], env, stop.signal, (text) => (data = text));
    const post = async (tag: string): Promise<string> => {
      const answer = await next.webhook('push', push({ tag }, 'ann'));
      return answer.json<{ notificationId: string }>().notificationId;
    };
    let probes = 0;
    await until(async () => {
      if (data === '') await post(`tail-${probes++}`);
      return data !== '';
    });
    proxy.cut();
    const missed = await post('tail-missed');
    await next.notification(missed);
    proxy.mend();
    await until(() => data.includes(missed));
    stop.abort();
    expect((await following).exitCode).toBe(130);
    const ids = data
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(new Set(ids).size).toBe(ids.length);
    await proxy.close();
  });
});
