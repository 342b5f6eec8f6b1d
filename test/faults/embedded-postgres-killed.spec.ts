import { describe, expect, it } from '@jest/globals';
import type { GatewayProcess } from '../support/process.js';
import { postPush, registerAndroid, settledNotification } from '../support/process-api.js';
import { useProcesses } from '../support/processes.js';
import { until } from '../support/until.js';

const POSTS = 60;

const processes = useProcesses();

/** Process ids of all embedded servers started so far. */
const serversOf = (gateway: GatewayProcess): number[] =>
  [...gateway.output().matchAll(/"pid":(\d+)[^\n]*database\.embedded_started/g)].map(([, pid]) =>
    Number(pid),
  );

const isReady = async (gateway: GatewayProcess): Promise<boolean> =>
  (await fetch(`${gateway.url}/health/ready`)).status === 200;

describe('an embedded PostgreSQL that is killed while its gateway runs', () => {
  it('is restarted each time, and every acknowledged event is delivered', async () => {
    const gateway = await processes.start();
    await registerAndroid(gateway.url, 'ann', { fcmToken: 'token-of-ann' });
    const acknowledged: string[] = [];
    for (const round of [1, 2]) {
      const posts = Array.from({ length: POSTS }, (_, i) => postPush(gateway.url, `r${round}-${i}`));
      await Promise.race(posts);
      process.kill(serversOf(gateway).at(-1) ?? 0, 'SIGKILL');
      await until(
        () => serversOf(gateway).length > round && isReady(gateway),
        () => gateway.output(),
      );
      for (const post of await Promise.allSettled(posts))
        if (post.status === 'fulfilled') acknowledged.push(post.value);
    }
    acknowledged.push(await postPush(gateway.url, 'after'));
    for (const id of acknowledged)
      expect(await settledNotification(gateway.url, id)).toMatchObject({ status: 'sent' });
    expect(gateway.output()).toMatch(/"signal":"SIGKILL"[^\n]*database\.embedded_ended/);
    expect(await gateway.stop()).toBe(0);
  });
});
