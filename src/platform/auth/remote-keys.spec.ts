import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT, type CryptoKey } from 'jose';
import { pino } from 'pino';
import { until } from '../../../test/support/until.js';
import { RemoteKeys } from './remote-keys.js';

const TEN_MINUTES = 600_001;

let server: Server;
let isAway: boolean;
let asked: number;
let published: object[];
let privateKey: CryptoKey;
let now: number;
let lines: string[];
let keys: RemoteKeys;
beforeEach(async () => {
  [isAway, asked, now, lines] = [false, 0, 0, []];
  const pair = await generateKeyPair('ES256');
  ({ privateKey } = pair);
  published = [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' }];
  server = createServer((_, response) => {
    asked += 1;
    response.statusCode = isAway ? 502 : 200;
    response.end(isAway ? 'Bad Gateway' : JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
  keys = new RemoteKeys(`http://127.0.0.1:${port}/jwks.json`, 'app1', logger, () => now);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const verify = async (kid = 'k1'): Promise<string> => {
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
  return jwtVerify(token, (header, input) => keys.keyFor(header, input)).then(
    () => 'good',
    (error: unknown) => (error as { code: string }).code,
  );
};
const logged = (event: string): number => lines.filter((line) => line.includes(event)).length;

describe('RemoteKeys', () => {
  it('uses the last fetched keys while the provider is unavailable, and logs that once', async () => {
    expect(await verify()).toBe('good');
    isAway = true;
    for (let i = 0; i < 5; i++) {
      const before = asked;
      await until(async () => {
        now += TEN_MINUTES;
        expect(await verify()).toBe('good');
        return asked > before;
      });
    }
    expect(await verify('k2')).toBe('SERVICE.UNAVAILABLE');
    expect([logged('auth.service_away'), logged('auth.service_back')]).toEqual([1, 0]);

    isAway = false;
    now += TEN_MINUTES;
    expect(await verify('k2')).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect([logged('auth.service_away'), logged('auth.service_back')]).toEqual([1, 1]);
  });

  it('has no word on a token as long as it has never fetched one, and asks once for many', async () => {
    isAway = true;
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify()));
    expect(new Set(answers)).toEqual(new Set(['SERVICE.UNAVAILABLE']));
    expect([asked, logged('auth.service_away')]).toEqual([1, 1]);
    isAway = false;
    now += 2_001;
    expect(await verify()).toBe('good');
  });

  it('fetches an unknown key, but not every invented one', async () => {
    expect(await verify()).toBe('good');
    for (const kid of ['a', 'b', 'c']) expect(await verify(kid)).toBe('ERR_JWKS_NO_MATCHING_KEY');
    expect(asked).toBe(1);
    published = published.map((key) => ({ ...key, kid: 'k2' }));
    now += 30_001;
    expect(await verify('k2')).toBe('good');
    expect(asked).toBe(2);
  });
});
