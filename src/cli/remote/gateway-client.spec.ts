import { expect, it } from '@jest/globals';
import { EXIT } from '../command.js';
import { GatewayClient } from './gateway-client.js';

/** Port 1 of this machine: nobody listens there. */
const NOWHERE = 'http://127.0.0.1:1';
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

it('a stream that cannot be opened does not keep the process', async () => {
  const env = { BELLHOP_URL: NOWHERE, BELLHOP_API_KEY: 'key' };
  const client = new GatewayClient({ env, signal: new AbortController().signal });
  const before = timers();
  const opened = client.stream('/v1/events', {}, undefined, 600_000);
  await expect(opened).rejects.toMatchObject({ exitCode: EXIT.unreachable });
  expect(timers()).toBe(before);
});
