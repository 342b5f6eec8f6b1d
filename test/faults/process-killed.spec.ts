import { describe, expect, it } from '@jest/globals';
import type { SandboxJson } from '../support/gateway.js';
import { notificationOf, postPush, registerAndroid, settledNotification } from '../support/process-api.js';
import { useProcesses } from '../support/processes.js';

const ROUNDS = 3;
const POSTS = 60;

const processes = useProcesses();

describe('a gateway process', () => {
  it('keeps all data over a restart and exits with 0', async () => {
    const first = await processes.start();
    await registerAndroid(first.url, 'ann', { fcmToken: 'token-of-ann' });
    const id = await postPush(first.url, 'before');
    await settledNotification(first.url, id);
    expect(await first.stop()).toBe(0);

    const second = await processes.start();
    expect(await notificationOf(second.url, id)).toMatchObject({ id, status: 'sent' });
    const again = await postPush(second.url, 'after');
    expect(await settledNotification(second.url, again)).toMatchObject({ status: 'sent' });
  });

  it('delivers every acknowledged event, however often it is killed', async () => {
    const acknowledged: string[] = [];
    let gateway = await processes.start();
    await registerAndroid(gateway.url, 'ann', { fcmToken: 'token-of-ann' });
    for (let round = 0; round < ROUNDS; round++) {
      const posts = Array.from({ length: POSTS }, (_, i) =>
        postPush(gateway.url, `r${round}-${i}`).catch(() => undefined),
      );
      // Killed while webhooks are being answered, stored, planned and sent.
      await Promise.race(posts);
      await new Promise((resolve) => setTimeout(resolve, 40 * round));
      await gateway.kill();
      acknowledged.push(...(await Promise.all(posts)).filter((id) => id !== undefined));
      gateway = await processes.start();
    }
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const id of acknowledged) expect((await settledNotification(gateway.url, id)).status).toBe('sent');

    const answer = await fetch(`${gateway.url}/sandbox/messages?limit=10000`);
    const { data } = (await answer.json()) as { data: SandboxJson[] };
    const perTag = new Map<string, number>();
    for (const { message } of data) {
      const tag = message.data?.['tag'] ?? '';
      perTag.set(tag, (perTag.get(tag) ?? 0) + 1);
    }
    expect(perTag.size).toBeGreaterThanOrEqual(acknowledged.length);
    // At least once: each kill may repeat pushes that the vendor accepted but Bellhop had not recorded.
    expect(Math.max(...perTag.values())).toBeLessThanOrEqual(1 + ROUNDS);
  });
});
