import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { basic, OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { until } from '../support/until.js';

const OTHER_KEY = 'key-of-the-other-app';
const operator = { authorization: OPERATOR_AUTH };

interface StatsJson {
  from: string;
  to: string;
  stepSeconds: number;
  times: string[];
  series: { measure: string; labels: Record<string, string>; values: (number | null)[] }[];
  code?: string;
  errors?: { path: string; problem: string }[];
}

let gateway: TestGateway;
beforeAll(async () => {
  const [demo] = DEMO_CONFIG.apps;
  const other = { ...demo, appId: 'other', clients: { apiKeys: [OTHER_KEY] } };
  gateway = await startTestGateway({ config: { apps: [demo, other] } });
  const registration = { platform: 'fcm_android', fcmToken: 'token-of-ann' };
  await gateway.backend('POST', '/v1/users/ann/devices', registration);
  const events = ['1', '2', '3'].map((tag) => push({ tag }, 'ann'));
  const ids: string[] = [];
  for (const event of [...events, events[0]]) {
    const answer = await gateway.webhook('push', event);
    ids.push(answer.json<{ notificationId: string }>().notificationId);
  }
  await gateway.notifications(ids);
  await gateway.webhook('push', push(), { authorization: basic('cometchat', 'wrong') });
});
afterAll(() => gateway.close());

async function stats(
  query: string,
  headers: Record<string, string> = operator,
): Promise<StatsJson & { status: number }> {
  const answer = await gateway.request({ method: 'GET', url: `/v1/stats${query}`, headers });
  return { ...answer.json<StatsJson>(), status: answer.statusCode };
}

/** Sums of the series of a measure, by their labels in one text. */
async function sums(
  query: string,
  headers: Record<string, string> = operator,
): Promise<Record<string, number>> {
  const { series } = await stats(query, headers);
  return Object.fromEntries(
    series.map(({ labels, values }) => [
      Object.values(labels).join(' '),
      values.reduce<number>((sum, value) => sum + (value ?? 0), 0),
    ]),
  );
}

describe('GET /v1/stats', () => {
  it('counts webhooks by answer, exactly', async () => {
    const expected = { '401': 1, accepted: 3, duplicate: 1 };
    const counts = await until(async () => {
      const found = await sums('?measure=webhooks&by=answer');
      return found['accepted'] === 3 && found['401'] === 1 && found;
    });
    expect(counts).toEqual(expected);
    expect(await sums('?measure=webhooks&by=answer&step=3600')).toEqual(expected);
    expect(await sums('?measure=webhooks&by=answer&step=86400')).toEqual(expected);
  });

  it('counts attempts and settled deliveries by their labels', async () => {
    // A request shows the counts of up to a second ago.
    await until(async () => (await sums('?measure=deliveries&by=app'))[DEMO.appId] === 3);
    const { series } = await stats('?measure=attempts,deliveries');
    const [attempts, deliveries] = series;
    expect(series).toHaveLength(2);
    expect(attempts).toMatchObject({
      measure: 'attempts',
      labels: { app: DEMO.appId, channel: 'push', provider: 'default', outcome: 'accepted' },
    });
    expect(deliveries).toMatchObject({
      measure: 'deliveries',
      labels: { app: DEMO.appId, channel: 'push', status: 'sent', reason: '' },
    });
    const both = await stats('?measure=attempts&measure=deliveries&by=app&step=86400');
    const labels = { app: DEMO.appId };
    expect(both.series).toEqual([
      { measure: 'attempts', labels, values: [3] },
      { measure: 'deliveries', labels, values: [3] },
    ]);
  });

  it('answers the last hour by minute, with one time per value', async () => {
    const { from, to, stepSeconds, times, series } = await stats('?measure=webhooks');
    expect(stepSeconds).toBe(60);
    expect([60, 61]).toContain(times.length);
    expect([times[0], times.length]).toEqual([from, (Date.parse(to) - Date.parse(from)) / 60_000]);
    for (const { values } of series) expect(values).toHaveLength(times.length);
  });

  it('estimates the latency as quantiles in seconds', async () => {
    const { series } = await stats('?measure=latency&step=3600');
    expect(series.map(({ labels }) => labels)).toEqual(
      ['0.5', '0.95', '0.99'].map((quantile) => ({ channel: 'push', kind: 'chat', quantile })),
    );
    const [half, most, almostAll] = series.map(({ values }) => values.find((value) => value !== null) ?? -1);
    expect(half).toBeGreaterThan(0);
    expect(most).toBeGreaterThanOrEqual(half ?? 0);
    expect(almostAll).toBeGreaterThanOrEqual(most ?? 0);
  });

  it('shows the queues of all processes', async () => {
    const labels = await until(async () => {
      const { series } = await stats('?measure=queue');
      return series.length > 0 && series.map((one) => one.labels);
    });
    expect(labels).toContainEqual({ queue: 'calls', state: 'oldest_seconds' });
    const states = new Set(labels.map(({ state }) => state));
    expect(states).toEqual(new Set(['active', 'delayed', 'failed', 'oldest_seconds', 'waiting']));
  });

  it('shows a backend only the series of its app', async () => {
    const own = await stats('', { apikey: DEMO.apiKey });
    const measures = ['attempts', 'attempt_seconds', 'deliveries'];
    expect(new Set(own.series.map(({ measure }) => measure))).toEqual(new Set(measures));
    expect(new Set(own.series.map(({ labels }) => labels['app']))).toEqual(new Set([DEMO.appId]));
    expect((await stats('', { apikey: OTHER_KEY })).series).toEqual([]);
    expect(await stats('?appId=other', { apikey: DEMO.apiKey })).toMatchObject({ code: 'APP.UNKNOWN' });
    expect(await stats('?measure=webhooks', { apikey: DEMO.apiKey })).toMatchObject({
      status: 400,
      errors: [{ path: 'measure', problem: '"webhooks" is of all apps, and for operators only' }],
    });
  });

  it('limits series to an app for the operator', async () => {
    expect((await stats('?measure=attempts&appId=other')).series).toEqual([]);
    expect((await stats(`?measure=attempts&appId=${DEMO.appId}`)).series).toHaveLength(1);
    expect(await stats('?appId=nobody')).toMatchObject({ code: 'APP.UNKNOWN' });
  });

  const day = (of: number): string => `2026-03-${String(of).padStart(2, '0')}`;
  it.each([
    [`from=${day(2)}&to=${day(2)}`, 'to', 'must be later than from'],
    [`from=${day(1)}&to=${day(3)}`, 'step', 'makes 2880 steps of this span; at most 1500'],
    [`from=${day(1)}&to=${day(9)}&step=1800`, 'step', 'must be a multiple of 3600 for more than a week'],
    ['step=90', 'step', 'must be a multiple of 60'],
    ['step=59', 'step', 'must not be less than 60'],
    ['step=86401', 'step', 'must not be greater than 86400'],
    ['step=x', 'step', expect.anything()],
    ['from=yesterday', 'from', 'must be a date such as 2026-03-01T12:00:00Z, from 1970 on'],
    ['measure=pushes', 'measure', expect.stringMatching(/^"pushes" is none of webhooks, attempts, /)],
    [
      'measure=latency&by=kind,provider',
      'by',
      '"provider" is no label of these measures, which have channel, kind',
    ],
  ])('refuses %s', async (query, path, problem) => {
    const answer = await stats(`?${query}`);
    expect([answer.status, answer.code]).toEqual([400, 'REQUEST.INVALID_QUERY']);
    expect(answer.errors).toEqual(expect.arrayContaining([{ path, problem }]));
  });
});
