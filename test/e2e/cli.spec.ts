import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { DEMO_ADMIN } from '../../src/platform/config/process-settings.js';
import { bellhop, type Ran } from '../support/bellhop.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';
import { until } from '../support/until.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  for (const [uid, fcmToken] of [
    ['ann', 'token-of-ann'],
    ['bob', 'unavailable-token-of-bob'],
  ]) {
    const device = { platform: 'fcm_android', fcmToken };
    await gateway.backend('POST', `/v1/users/${uid}/devices`, device);
  }
});
afterAll(() => gateway.close());

const asBackend = (): NodeJS.ProcessEnv => ({ BELLHOP_URL: gateway.url, BELLHOP_API_KEY: DEMO.apiKey });
const asOperator = (password: string = DEMO_ADMIN.password): NodeJS.ProcessEnv => ({
  ...{ BELLHOP_URL: gateway.url, BELLHOP_USERNAME: DEMO_ADMIN.username, BELLHOP_PASSWORD: password },
});
const run = (...args: string[]): Promise<Ran> => bellhop(args, asBackend());
const jsonOf = ({ stdout }: Ran): unknown => JSON.parse(stdout);

describe('bellhop', () => {
  it.each([[[]], [['--help']], [['why', '--help']]])('describes itself: %j', async (args) => {
    const ran = await bellhop(args, {});
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.stdout).toMatch(/Usage: bellhop .*Exit codes: 0 fine/s);
  });

  it.each([
    [['dance'], 'There is no command dance.'],
    [['why'], 'What to look for is missing.'],
    [['why', 'a', 'b'], 'Only one'],
    [['send', '--uid', 'ann'], '--title or --body'],
    [['send', '--frobnicate'], '--frobnicate'],
    [['replay', '--from', '2026-01-01T00:00:00Z', '--per-second', 'many'], '--per-second is no number.'],
    [['test', '--uid', 'ann', '--kind', 'fax'], 'kind'],
    [['tail', '--status', 'lost'], 'status'],
  ])('ends with 2 for wrong usage: %j', async (args, told) => {
    const ran = await run(...args);
    expect([ran.exitCode, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain(told);
  });

  it('ends with 2 without credentials, 4 with wrong ones, and 3 if nothing listens', async () => {
    expect((await bellhop(['why', 'ann'], { BELLHOP_URL: gateway.url })).exitCode).toBe(2);
    const wrong = await bellhop(['why', 'ann'], asOperator('a wrong password'));
    expect([wrong.exitCode, wrong.stdout]).toEqual([4, '']);
    expect(wrong.stderr).not.toContain('a wrong password');
    const away = await bellhop(['why', 'ann'], { ...asBackend(), BELLHOP_URL: 'http://127.0.0.1:9' });
    expect([away.exitCode, away.stdout]).toEqual([3, '']);
  });
});

describe('bellhop send and why', () => {
  it('sends a push, waits for the vendor and tells the story', async () => {
    const sent = await run('send', '--uid', 'ann', '--title', 'Your table is ready', '--wait');
    expect(sent.exitCode).toBe(0);
    expect(sent.stdout).toMatch(/^sent {2}push api to ann \(app123\).*Attempt 1 through default: accepted/s);
    const told = await bellhop(['why', 'ann', '--json'], asOperator());
    expect(told.exitCode).toBe(0);
    expect(jsonOf(told)).toMatchObject({ uid: 'ann', status: 'sent', source: 'api', others: [] });
  });

  it('says about an unknown user that CometChat could not be asked', async () => {
    const ran = await run('why', 'nobody-at-all');
    expect(ran.exitCode).toBe(1);
    expect(ran.stdout).toMatch(
      /^The gateway has no notification for nobody-at-all\.\nCometChat cannot be asked: /,
    );
  });

  it('has no colours for a pipe', async () => {
    expect((await run('why', 'ann')).stdout).not.toContain('\u001B');
  });
});

describe('bellhop test', () => {
  it('gives the word of the vendor for each device', async () => {
    const good = await run('test', '--uid', 'ann', '--json');
    expect(good.exitCode).toBe(0);
    expect(jsonOf(good)).toMatchObject({
      isSettled: true,
      deliveries: [{ status: 'sent', kind: 'sandbox' }],
    });
    const none = await run('test', '--uid', 'carl');
    expect(none.exitCode).toBe(1);
    expect(none.stdout).toContain('The user has no registered device.');
  });
});

describe('bellhop devices and export', () => {
  it('retires a device, lists it, and restores it', async () => {
    const device = { platform: 'fcm_android', fcmToken: 'token-of-dora' };
    const { id } = (await gateway.backend('POST', '/v1/users/dora/devices', device)).json<{ id: string }>();
    const retired = await run('devices', 'dora', '--retire', id, '--reason', 'stolen');
    expect(retired.stdout).toMatch(new RegExp(`^No registered device\\.\\n${id}.*retired`));
    const restored = await run('devices', 'dora', '--restore', id, '--json');
    expect(jsonOf(restored)).toMatchObject({ devices: [{ id }], retiredDevices: [] });
  });

  it('exports everything about a user', async () => {
    const ran = await run('export', 'ann');
    expect(ran.exitCode).toBe(0);
    expect(JSON.stringify(jsonOf(ran))).toContain('token-of-ann');
  });
});

describe('bellhop replay', () => {
  it('shows what it would send, asks for a confirmation, and sends it', async () => {
    const from = new Date(Date.now() - 60_000).toISOString();
    const failing = push({ tag: 'replay-1' }, 'bob', 'push-chat');
    const { notificationId } = (await gateway.webhook('push', failing)).json<{ notificationId: string }>();
    // Its vendor is unavailable: it has not failed yet, so there is nothing to send again.
    await gateway.notification(notificationId, ({ deliveries }) => (deliveries[0]?.attempts.length ?? 0) > 0);
    const dry = await run('replay', '--from', from, '--dry-run', '--json');
    expect(dry.exitCode).toBe(0);
    expect(jsonOf(dry)).toMatchObject({ dryRun: true, notifications: 0 });
  });
});

describe('bellhop tail', () => {
  it('writes each notification once, until it is interrupted', async () => {
    const stop = new AbortController();
    const since = new Date(Date.now() - 1_000).toISOString();
    const args = ['tail', '--uid', 'eve', '--since', since, '--json'];
    let data = '';
    const following = bellhop(args, asBackend(), stop.signal, (text) => (data = text));
    const ids: string[] = [];
    // The later rounds find the earlier ones again.
    for (const tag of ['tail-1', 'tail-2', 'tail-3']) {
      const answer = await gateway.webhook('push', push({ tag }, 'eve', 'push-chat'));
      const { notificationId } = answer.json<{ notificationId: string }>();
      ids.push(notificationId);
      await until(() => data.includes(notificationId));
    }
    stop.abort();
    const { exitCode, stdout } = await following;
    expect(exitCode).toBe(130);
    const written = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(written.toSorted()).toEqual(ids.toSorted());
  });
});
