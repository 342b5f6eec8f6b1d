import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { StatusProblemDto } from '../../src/live/status/status.dto.js';
import {
  emptyRedis,
  OPERATOR_AUTH,
  postUntilTaken,
  startTestGateway,
  type TestGateway,
} from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { startProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

// A gateway with a proxy before each of its stores. Without Redis there is one, for the ledger and for the queue.
let postgres: TestPostgres;
let redisUrl: string | undefined;
let database: TcpProxy;
let queue: TcpProxy;
let gateway: TestGateway;
beforeAll(async () => {
  postgres = await startPostgres();
  redisUrl = await emptyRedis();
  database = await startProxy(postgres.url);
  queue = redisUrl === undefined ? database : await startProxy(redisUrl);
  const settings = { databaseUrl: database.url, ...(redisUrl !== undefined && { redisUrl: queue.url }) };
  gateway = await startTestGateway({ postgres, keepRedis: true, settings });
});
afterEach(() => {
  database.mend();
  queue.mend();
});
afterAll(async () => {
  await gateway.close();
  await database.close();
  if (redisUrl !== undefined) await queue.close();
  await postgres.close();
});

async function problems(): Promise<StatusProblemDto[]> {
  const headers = { authorization: OPERATOR_AUTH };
  const answer = await gateway.request({ method: 'GET', url: '/v1/status', headers });
  expect(answer.statusCode).toBe(200);
  return answer.json<{ problems: StatusProblemDto[] }>().problems;
}
const problem = (kind: StatusProblemDto['kind']) =>
  until(async () => (await problems()).find((one) => one.kind === kind), problems);
const nothing = () => until(async () => (await problems()).length === 0, problems);

describe('GET /v1/status', () => {
  it('tells that PostgreSQL does not answer, until it does', async () => {
    await nothing();
    database.cut();
    expect(await problem('postgres')).toEqual({
      ...{ kind: 'postgres', severity: 'error', page: '/settings' },
      text: expect.stringMatching(
        /^PostgreSQL does not answer \([\w.]+\)\. Webhooks are accepted and wait; nothing is sent\.$/,
      ),
    });
    database.mend();
    await nothing();
  });

  it('tells that the queue does not answer and how many events wait on disk, until they are delivered', async () => {
    await nothing();
    queue.cut();
    const taken = [];
    for (const tag of ['status-1', 'status-2'])
      taken.push((await postUntilTaken(gateway, push({ tag }, 'ann'))).notificationId);
    expect(await problem('queue')).toEqual({
      ...{ kind: 'queue', severity: 'error', page: '/queue-state' },
      text: expect.stringMatching(/^The queue does not answer \([\w.]+\)\. Webhooks wait on the disk/),
    });
    expect(await problem('spool')).toMatchObject({
      ...{ severity: 'warning', page: '/queue-state' },
      text: expect.stringMatching(/^2 events wait on the disk of this process, because the queue was/),
    });
    queue.mend();
    expect(await gateway.notifications(taken)).toMatchObject([{ status: 'skipped' }, { status: 'skipped' }]);
    await nothing();
  });
});
