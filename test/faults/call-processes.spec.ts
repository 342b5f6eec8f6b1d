import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { emptyRedis, WEBHOOK_AUTH } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { buildProgram, startProcess, type GatewayProcess } from '../support/process.js';
import { ringsAfterEnd } from '../support/rings-after-end.js';
import { until } from '../support/until.js';

const PEOPLE = 25;
const ENDS = ['cancelled', 'unanswered', 'rejected', 'busy', 'ended', 'ongoing'];

// One process accepts the webhooks; two workers plan and send, so either may handle an event.
let postgres: TestPostgres;
let sql: pg.Pool;
let processes: [GatewayProcess, GatewayProcess, GatewayProcess];
beforeAll(async () => {
  buildProgram();
  postgres = await startPostgres();
  sql = new pg.Pool({ connectionString: postgres.url, max: 2 });
  // The server may close before the pool's last idle connection does.
  sql.on('error', () => undefined);
  const redisUrl = await emptyRedis();
  const env = { DATABASE_URL: postgres.url, ...(redisUrl ? { REDIS_URL: redisUrl } : {}) };
  processes = [
    await startProcess({ ...env, ROLE: 'api' }),
    await startProcess({ ...env, ROLE: 'worker' }),
    await startProcess({ ...env, ROLE: 'worker' }),
  ];
});
afterAll(async () => {
  await Promise.all(processes.map((one) => one.stop()));
  await sql.end();
  await postgres.close();
});

const post = async (path: string, headers: Record<string, string>, body: object): Promise<string> => {
  const answer = await fetch(`${processes[0].url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  expect([200, 201]).toContain(answer.status);
  const { id, notificationId } = (await answer.json()) as { id?: string; notificationId?: string };
  return id ?? notificationId ?? '';
};
const send = (uid: string, callAction: string): Promise<string> => {
  const event = push({ callAction, sessionId: `v1.of.${uid}` }, uid, 'push-call-initiated');
  return post('/webhooks/cometchat/push', { authorization: WEBHOOK_AUTH }, event);
};

describe('calls handled by two worker processes', () => {
  it('ring no phone twice or after their end, whatever the order and repetition of their events', async () => {
    const people = Array.from({ length: PEOPLE }, (_, i) => `user-${i}`);
    for (const uid of people) {
      const device = { platform: 'fcm_android', fcmToken: `token-of-${uid}` };
      await post(`/v1/users/${uid}/devices`, { apikey: DEMO.apiKey }, device);
    }
    const ids = await Promise.all(
      people.flatMap((uid, i) => {
        const events = ['initiated', ENDS[i % ENDS.length] ?? 'ended', 'initiated', 'ended'];
        return [...events.slice(i % 4), ...events.slice(0, i % 4)].map((action) => send(uid, action));
      }),
    );
    const open = async (): Promise<number> => {
      const { rows } = await sql.query<{ settled: number }>(
        'SELECT count(*)::int AS settled FROM notification WHERE id = ANY($1::uuid[]) AND settled_at IS NOT NULL',
        [ids],
      );
      return new Set(ids).size - (rows[0]?.settled ?? 0);
    };
    await until(async () => (await open()) === 0, open);

    expect(await ringsAfterEnd(sql)).toEqual([]);
    const { rows: rings } = await sql.query<{ uid: string; rings: number; attempts: number }>(
      `SELECT n.uid, count(*)::int AS rings, max(d.attempts)::int AS attempts
       FROM delivery d JOIN notification n ON n.id = d.notification_id WHERE d.ring_session IS NOT NULL GROUP BY n.uid`,
    );
    for (const { uid, rings: count, attempts } of rings)
      expect([uid, count, attempts <= 1]).toEqual([uid, 1, true]);
    // Both workers took part.
    for (const worker of processes.slice(1)) {
      const metrics = await (await fetch(`${worker.url}/metrics`)).text();
      expect(metrics).toMatch(/bellhop_attempts_total\{[^}]*\} [1-9]/);
    }
  });
});
