import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ settings: { role: 'api' } });
});
afterAll(() => gateway.close());

it('shows jobs that no worker takes, with those that yield to others, and the age of the oldest', async () => {
  for (const tag of ['1', '2']) expect((await gateway.webhook('push', push({ tag }))).statusCode).toBe(200);
  await gateway.queue('push').add('push.send', {}, { jobId: 'yields', priority: 1 });
  let values: Record<string, number | null> = {};
  await until(
    async () => {
      const { body } = await gateway.request({
        url: '/v1/stats?measure=queue',
        headers: { authorization: OPERATOR_AUTH },
      });
      const { series } = JSON.parse(body) as {
        series: { labels: { queue: string; state: string }; values: (number | null)[] }[];
      };
      const pushes = series.filter(({ labels }) => labels.queue === 'push');
      values = Object.fromEntries(
        pushes.map((one) => [one.labels.state, one.values.findLast((value) => value !== null) ?? null]),
      );
      return values['waiting'] === 3 && (values['oldest_seconds'] ?? 0) > 0;
    },
    () => values,
  );
  expect(values).toMatchObject({ active: 0, delayed: 0, failed: 0 });
});
