import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isAlive } from '../../src/platform/processes/process-identity.js';
import { closeAfterEach } from '../support/close-after-each.js';
import { emptyRedis } from '../support/gateway.js';
import { startPostgres } from '../support/postgres.js';
import { runProcess, spawnProgram, type GatewayProcess } from '../support/process.js';
import { postPush, registerAndroid, settledNotification } from '../support/process-api.js';
import { registerPhone, startProcessRig } from '../support/process-rig.js';
import { useProcesses } from '../support/processes.js';
import { logLines, pidsOf, untilListening, untilGone } from '../support/supervised.js';
import { startProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

const POSTS = 60;

const processes = useProcesses();
const closeLater = closeAfterEach();

describe('several processes behind one port', () => {
  it('share connections, answer with the metrics of all, and print the welcome once', async () => {
    const gateway = await processes.start({ PROCESSES: '3', OPS_PORT: '0' });
    const pids = await untilListening(gateway, 3);
    const { url } = gateway;
    const { opsUrl = '' } =
      logLines(gateway.output()).find(({ msg }) => msg === 'supervisor.listening') ?? {};
    expect(new Set(pids).size).toBe(3);
    await registerAndroid(url, 'ann', { fcmToken: 'token-of-ann' });
    const ids = await postAll(url, 'shared');
    for (const id of ids) expect(await settledNotification(url, id)).toMatchObject({ status: 'sent' });

    for (const _ of pids) {
      const text = await metricsOf(opsUrl);
      expect(text).toContain(`bellhop_webhooks_total{route="push",answer="accepted"} ${POSTS}\n`);
      expect(text).toContain('bellhop_processes 3\n');
      // Read from the store, and not added up.
      expect(text).toMatch(/^bellhop_queue_jobs\{queue="replays",state="delayed"\} 1$/m);
    }
    const accepted = (): Set<number> => new Set(pidsOf(gateway.output(), 'notification.accepted'));
    await until(
      () => accepted().size === 3,
      () => [...accepted()],
    );
    await until(() => gateway.output().includes('Try it:'), gateway.output);
    expect(gateway.output().match(/Try it:/g)).toHaveLength(1);
    expect(gateway.output().match(/config\.effective/g)).toHaveLength(1);
  });

  it('replace a process that is killed, and deliver every acknowledged webhook', async () => {
    const rig = await startProcessRig({ requestTimeoutMs: 1_000 });
    closeLater(rig);
    const gateway = await processes.start(rig.env('all', undefined, { PROCESSES: '2' }));
    await untilListening(gateway, 2);
    await registerPhone(gateway.url);
    const acknowledged: string[] = [];
    const killed: number[] = [];
    for (let round = 0; round < 2; round++) {
      const posts = times(POSTS).map((i) => postUntilTaken(gateway.url, `r${round}-${i}`));
      await Promise.race(posts);
      const victim = lastListening(gateway, killed);
      process.kill(victim, 'SIGKILL');
      killed.push(victim);
      // Posts go on while the process is replaced.
      acknowledged.push(...(await Promise.all(posts)));
      await until(() => pidsOf(gateway.output(), 'process.listening').length === 3 + round, gateway.output);
    }
    await until(
      () => acknowledged.every((tag) => rig.received().has(tag)),
      () => acknowledged.filter((tag) => !rig.received().has(tag)),
    );
    expect(acknowledged).toHaveLength(2 * POSTS);
    // At least once: a kill may repeat pushes that the vendor accepted but Bellhop had not recorded.
    expect(Math.max(...rig.received().values())).toBeLessThanOrEqual(3);
    const ends = logLines(gateway.output()).filter(({ msg }) => msg === 'supervisor.process_ended');
    expect(ends.map(({ pid, signal }) => ({ pid, signal }))).toEqual(
      killed.map((pid) => ({ pid, signal: 'SIGKILL' })),
    );
    expect(await gateway.stop()).toBe(0);
  });

  it('let no client wait for a process that hangs, once it is killed', async () => {
    const gateway = await processes.start({ PROCESSES: '2' });
    const [victim = 0] = await untilListening(gateway, 2);
    process.kill(victim, 'SIGSTOP');
    let answered = 0;
    const posts = times(8).map((i) =>
      postPush(gateway.url, `hang-${i}`).then(
        () => (answered += 1),
        () => undefined,
      ),
    );
    // Of new connections, it was offered one.
    await until(
      () => answered === posts.length - 1,
      () => answered,
    );
    process.kill(victim, 'SIGKILL');
    await Promise.all(posts);
    expect(answered).toBe(posts.length - 1);
  });

  it('stop in order, and leave nothing behind', async () => {
    const gateway = await processes.start({ PROCESSES: '2' });
    const pids = [...(await untilListening(gateway, 2)), postgresPid()];
    expect(pids).toHaveLength(3);
    expect(pids.every(isAlive)).toBe(true);
    const posts = await postAll(gateway.url, 'before');
    expect(await gateway.stop()).toBe(0);
    expect(pids.filter(isAlive)).toEqual([]);
    const stopped = logLines(gateway.output()).filter(({ msg }) => msg === 'process.stopped');
    expect(new Set(stopped.map(({ pid }) => pid))).toEqual(new Set([...pids.slice(0, 2), undefined]));

    const again = await processes.start();
    for (const id of posts) expect((await settledNotification(again.url, id)).id).toBe(id);
  });

  it('stop in order when their supervisor is killed, and make way for the next one', async () => {
    const gateway = await processes.start({ PROCESSES: '2' });
    const pids = await untilListening(gateway, 2);
    const [id = ''] = await postAll(gateway.url, 'before', 1);
    await gateway.kill();
    await untilGone(pids);
    for (const message of ['process.supervisor_gone', 'process.stopped'])
      expect(new Set(pidsOf(gateway.output(), message))).toEqual(new Set(pids));

    const next = await processes.start({ PROCESSES: '2' });
    expect((await settledNotification(next.url, id)).id).toBe(id);
  });

  it('keep events in a directory each while the store is away, and take over those of a killed one', async () => {
    const postgres = await startPostgres();
    const redisUrl = await emptyRedis();
    const proxy = await startProxy(redisUrl ?? postgres.url);
    closeLater(postgres, proxy);
    const stores: Record<string, string> =
      redisUrl === undefined
        ? { DATABASE_URL: proxy.url }
        : { DATABASE_URL: postgres.url, REDIS_URL: proxy.url };
    const gateway = await processes.start({ ...stores, PROCESSES: '2' });
    const [victim = 0] = await untilListening(gateway, 2);
    await registerAndroid(gateway.url, 'ann', { fcmToken: 'token-of-ann' });

    proxy.cut();
    const ids = await postAll(gateway.url, 'away');
    expect(spoolsInUse()).toHaveLength(2);
    process.kill(victim, 'SIGKILL');
    await until(() => pidsOf(gateway.output(), 'supervisor.process_ended').includes(victim), gateway.output);
    proxy.mend();
    for (const id of ids)
      expect(await until(() => settledNotification(gateway.url, id).catch(() => undefined))).toMatchObject({
        status: 'sent',
      });
    await until(() => spoolsInUse().length === 0, spoolsInUse);
    expect(await gateway.stop()).toBe(0);
    // Before the database that they use.
    await processes.stop();
  });

  it('are refused with a wrong number, and none is started', async () => {
    for (const PROCESSES of ['0', '65', 'many']) {
      const { code, output } = await runProcess({ ...processes.env(), PROCESSES });
      expect(code).toBe(1);
      expect(output).toContain('  PROCESSES must be a whole number from 1 to 64, or auto\n');
    }
  });

  it('end with an error if they cannot start', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    closeLater({ close: async () => taken.close() });
    await until(() => taken.listening);
    const PORT = String((taken.address() as AddressInfo).port);
    const { code, output } = await runProcess({ ...processes.env(), PROCESSES: '2', PORT });
    expect(code).toBe(1);
    expect(output).toContain('EADDRINUSE');
    expect(output).toMatch(/ended before it listened[^\n]*process\.start_failed/);
    expect(output).not.toContain('supervisor.process_started');
    const [postgres = 0] = pidsOf(output, 'database.embedded_started');
    expect(isAlive(postgres)).toBe(false);
  });

  it('stop while they are starting', async () => {
    const program = spawnProgram({ ...processes.env(), PROCESSES: '2' });
    await until(() => program.output().includes('database.migrated'), program.output);
    program.signal('SIGTERM');
    expect(await program.exited).toBe(0);
    expect(program.output()).not.toContain('supervisor.listening');
    expect(() => postgresPid()).toThrow('ENOENT');
  });

  it('are one process without a supervisor by default', async () => {
    const gateway = await processes.start();
    await postAll(gateway.url, 'alone', 1);
    expect(await metricsOf(gateway.url)).toContain('bellhop_process_start_time_seconds ');
    expect(await gateway.stop()).toBe(0);
    expect(gateway.output()).not.toContain('supervisor');
    expect(pidsOf(gateway.output(), 'process.listening')).toEqual([]);
  });
});

const times = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Posts chats over many connections at once. @returns the ids of the notifications. */
const postAll = (url: string, tag: string, count = POSTS): Promise<string[]> =>
  Promise.all(times(count).map((i) => postPush(url, `${tag}-${i}`)));

/** Posts a chat as CometChat does: again if the connection breaks. @returns its tag. */
async function postUntilTaken(url: string, tag: string): Promise<string> {
  await until(() => postPush(url, tag).catch(() => undefined));
  return tag;
}

const metricsOf = async (url: string): Promise<string> => (await fetch(`${url}/metrics`)).text();

/** The process that listens for the shortest time, of those that were not killed. */
function lastListening(gateway: GatewayProcess, killed: readonly number[]): number {
  const pid = pidsOf(gateway.output(), 'process.listening').findLast((one) => !killed.includes(one));
  if (pid === undefined) throw new Error('no process listens');
  return pid;
}

function postgresPid(): number {
  const file = path.join(processes.env()['DATA_DIR'] ?? '', 'postgres/postmaster.pid');
  return Number.parseInt(readFileSync(file, 'utf8'), 10);
}

/** The directories of the spool that hold events. */
function spoolsInUse(): string[] {
  const root = path.join(processes.env()['DATA_DIR'] ?? '', 'spool');
  const files = readdirSync(root, { recursive: true, withFileTypes: true });
  const holding = files.filter((file) => file.isFile() && file.name.endsWith('.seg'));
  return [...new Set(holding.map(({ parentPath }) => parentPath))];
}
