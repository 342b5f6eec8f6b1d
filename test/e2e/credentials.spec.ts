import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signToken, unsignedToken } from '../support/credentials.js';
import {
  ADDRESS_LIMIT,
  JWT_SECRET,
  startRegistryGateway,
  type Headers,
  type RegistryGateway,
  WEB_APP,
} from '../support/registry-gateway.js';

let registry: RegistryGateway;
beforeAll(async () => {
  registry = await startRegistryGateway();
});
afterAll(() => registry.close());

const TWO = { user: 'Ann', sid: 's1', iss: 'https://issuer.example', aud: 'bellhop' };

/** @returns status and error code of a request with these headers. */
async function ask(headers: Headers, url = '/v1/me/devices'): Promise<unknown[]> {
  const answer = await registry.call('GET', url, headers);
  return [answer.statusCode, answer.json<{ code?: string }>().code];
}
const bearer = (token: string, appid = 'one'): Headers => ({ authorization: `Bearer ${token}`, appid });

describe('a client’s token', () => {
  it('authenticates its user if it is signed with the shared secret', async () => {
    expect(await ask(bearer(await signToken({ sub: 'ann' }, JWT_SECRET)))).toEqual([200, undefined]);
  });

  it('authenticates its user and session if it is signed with a published key', async () => {
    const headers = bearer(
      await signToken(TWO, registry.jwks.privateKey, { alg: 'RS256', kid: 'k1' }),
      'two',
    );
    const body = { platform: 'fcm_web', fcmToken: 'token-in-two' };
    const answer = await registry.call('POST', '/v1/me/devices', headers, body);
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      expect.objectContaining({ uid: 'ann', sessionId: 's1' }),
    ]);
  });

  it('may identify its user and session by a number', async () => {
    const headers = bearer(await signToken({ sub: 4711 as never, sid: 42 }, JWT_SECRET));
    const answer = await registry.call('POST', '/v1/me/devices', headers, {
      platform: 'fcm_web',
      fcmToken: 'token-of-a-number',
    });
    expect(answer.json()).toMatchObject({ uid: '4711', sessionId: '42' });
  });

  it('gives no access to a user whose uid only Unicode case folding makes equal', async () => {
    const body = { platform: 'fcm_web', fcmToken: 'token-of-kate' };
    await registry.call('POST', '/v1/me/devices', await registry.client('Kate'), body);
    const kelvin = await registry.client('\u212aate');
    expect((await registry.call('GET', '/v1/me/devices', kelvin)).json()).toEqual({ data: [] });
    const kate = await registry.client('kate');
    expect((await registry.call('GET', '/v1/me/devices', kate)).json<{ data: object[] }>().data).toHaveLength(
      1,
    );
  });

  it('is accepted for up to a minute after it expired', async () => {
    expect(await ask(bearer(await signToken({ sub: 'ann' }, JWT_SECRET, { expiresIn: -30 })))).toEqual([
      200,
      undefined,
    ]);
    expect(await ask(bearer(await signToken({ sub: 'ann' }, JWT_SECRET, { expiresIn: -90 })))).toEqual([
      401,
      'AUTH.INVALID',
    ]);
  });

  it.each([
    ['without an expiry', () => signToken({ sub: 'ann' }, JWT_SECRET, { expiresIn: null })],
    ['signed with another secret', () => signToken({ sub: 'ann' }, 'another-secret-altogether')],
    ['that is not signed', () => Promise.resolve(unsignedToken({ sub: 'ann' }))],
    ['with another algorithm', () => signToken({ sub: 'ann' }, JWT_SECRET.repeat(3), { alg: 'HS512' })],
    [
      'signed with a published key',
      () => signToken({ sub: 'ann' }, registry.jwks.privateKey, { alg: 'RS256', kid: 'k1' }),
    ],
    ['without a subject', () => signToken({}, JWT_SECRET)],
    ['with a blank in the uid', () => signToken({ sub: 'a b' }, JWT_SECRET)],
    [
      'that is not valid yet',
      () => signToken({ sub: 'ann', nbf: Math.floor(Date.now() / 1_000) + 300 }, JWT_SECRET),
    ],
    ['of three undecodable parts', () => Promise.resolve('a.b.c')],
    ['without parts', () => Promise.resolve('x')],
  ])('is refused if the app has a shared secret: a token %s', async (_, token) => {
    const headers = bearer(await token());
    expect(await ask(headers)).toEqual([401, 'AUTH.INVALID']);
    const answer = await registry.call('GET', '/v1/me/devices', headers);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  it.each([
    ['signed with the public key as a secret', () => signToken(TWO, registry.jwks.publicPem, { kid: 'k1' })],
    ['that is not signed', () => Promise.resolve(unsignedToken(TWO))],
    [
      'of another issuer',
      () => signToken({ ...TWO, iss: 'x' }, registry.jwks.privateKey, { alg: 'RS256', kid: 'k1' }),
    ],
    [
      'for another audience',
      () => signToken({ ...TWO, aud: 'x' }, registry.jwks.privateKey, { alg: 'RS256', kid: 'k1' }),
    ],
    [
      'signed with an unknown key',
      () => signToken(TWO, registry.jwks.privateKey, { alg: 'RS256', kid: 'k2' }),
    ],
    ['of the other app', () => signToken({ sub: 'ann', ...TWO }, JWT_SECRET)],
  ])('is refused if the app has published keys: a token %s', async (_, token) => {
    expect(await ask(bearer(await token(), 'two'))).toEqual([401, 'AUTH.INVALID']);
  });

  it.each<[string, Headers]>([
    ['no token', {}],
    ['a token without its scheme', { authorization: 'token' }],
    ['Basic credentials', { authorization: 'Basic YTpi' }],
    ['a backend’s key', { apikey: 'backend-key-of-app-one' }],
  ])('is required: a request with %s is answered with 401', async (_, headers) => {
    expect(await ask({ appid: 'one', ...headers })).toEqual([401, 'AUTH.REQUIRED']);
  });

  it('requires the appId header if there are several apps', async () => {
    const { authorization } = bearer(await signToken({ sub: 'ann' }, JWT_SECRET));
    expect(await ask({ authorization: authorization ?? '' })).toEqual([400, 'APP.REQUIRED']);
    expect(await ask({ authorization: authorization ?? '', appid: 'three' })).toEqual([403, 'APP.UNKNOWN']);
  });
});

describe('a backend’s key', () => {
  const url = '/v1/users/ann/devices';

  it('identifies its app, and requires the appId header only if two apps share it', async () => {
    expect(await ask({ apikey: 'backend-key-of-app-one' }, url)).toEqual([200, undefined]);
    expect(await ask({ apikey: 'shared-backend-key' }, url)).toEqual([400, 'APP.REQUIRED']);
    expect(await ask({ apikey: 'shared-backend-key', appid: 'two' }, url)).toEqual([200, undefined]);
    expect(await ask({ apikey: 'backend-key-of-app-one', appid: 'two' }, url)).toEqual([403, 'APP.UNKNOWN']);
  });

  it('is answered with 401 if it is unknown, missing or replaced by a client’s token', async () => {
    expect(await ask({ apikey: 'no-such-key' }, url)).toEqual([401, 'AUTH.INVALID']);
    expect(await ask({}, url)).toEqual([401, 'AUTH.REQUIRED']);
    expect(await ask(bearer(await signToken({ sub: 'ann' }, JWT_SECRET)), url)).toEqual([
      401,
      'AUTH.REQUIRED',
    ]);
  });

  it('gives access to the users of its own app only', async () => {
    const body = { platform: 'fcm_android', fcmToken: 'token-in-app-one' };
    await registry.backend('POST', '/v1/users/zoe/devices', body);
    const elsewhere = await registry.call('GET', '/v1/users/zoe/devices', {
      apikey: 'shared-backend-key',
      appid: 'two',
    });
    expect(elsewhere.json()).toEqual({ data: [] });
  });
});

describe('the rate limit of clients', () => {
  const retryAfter = expect.stringMatching(/^([1-9]|[1-5]\d|60)$/);

  it('answers one user with 429 after 60 requests in a minute', async () => {
    const [flood, other] = [await registry.client('flood'), await registry.client('other')];
    const contactOf = async (who: Headers) => registry.call('GET', '/v1/me/contact', who);
    const first = await Promise.all(Array.from({ length: 60 }, () => contactOf(flood)));
    expect(new Set(first.map(({ statusCode }) => statusCode))).toEqual(new Set([404]));
    // Requests are counted per user, not per login.
    const next = await contactOf(await registry.client('FLOOD', 'another login'));
    expect(next.statusCode).toBe(429);
    expect(next.json()).toMatchObject({ statusCode: 429, code: 'CLIENT.TOO_MANY_REQUESTS' });
    expect(next.headers['retry-after']).toEqual(retryAfter);
    expect((await contactOf(other)).statusCode).toBe(404);
    expect((await registry.backend('GET', '/v1/users/flood/devices')).statusCode).toBe(200);
  });

  it('counts requests per address before it checks their token', async () => {
    const from = (remoteAddress: string) =>
      registry.gateway.request({
        method: 'GET',
        url: '/v1/me/devices',
        headers: bearer('wrong', 'two'),
        remoteAddress,
      });
    for (let i = 0; i < ADDRESS_LIMIT; i++) expect((await from('203.0.113.9')).statusCode).toBe(401);
    const next = await from('203.0.113.9');
    expect([next.statusCode, next.json<{ code: string }>().code]).toEqual([429, 'CLIENT.TOO_MANY_REQUESTS']);
    expect(next.headers['retry-after']).toEqual(retryAfter);
    expect((await from('203.0.113.10')).statusCode).toBe(401);
  });
});

describe('CORS', () => {
  const preflight = (origin: string, url = '/v1/me/devices') =>
    registry.gateway.request({
      method: 'OPTIONS',
      url,
      headers: {
        origin,
        'access-control-request-method': 'DELETE',
        'access-control-request-headers': 'authorization,appid',
      },
    });

  it('lets clients.allowedOrigins call client routes and read their errors', async () => {
    const answer = await preflight(WEB_APP);
    expect(answer.statusCode).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': WEB_APP,
      'access-control-allow-methods': expect.stringContaining('DELETE'),
      'access-control-allow-headers': expect.stringMatching(/authorization.*appId.*content-type/i),
      vary: 'Origin',
    });
    const origin = { origin: WEB_APP };
    const ann = await registry.client('ann-in-browser');
    for (const headers of [
      { ...ann, ...origin },
      { ...origin, ...bearer('wrong') },
    ]) {
      const called = await registry.call('GET', '/v1/me/devices', headers);
      expect(called.headers).toMatchObject({
        'access-control-allow-origin': WEB_APP,
        'access-control-expose-headers': expect.stringContaining('Retry-After'),
      });
    }
  });

  it('sends no headers to another origin or to an origin of another app', async () => {
    expect((await preflight('https://evil.example')).headers).not.toHaveProperty(
      'access-control-allow-origin',
    );
    expect((await preflight(WEB_APP, '/v1/users/ann/devices')).statusCode).toBe(404);
    const ann = { ...(await registry.client('ann-elsewhere')), origin: 'https://evil.example' };
    const other = {
      origin: WEB_APP,
      ...bearer(await signToken(TWO, registry.jwks.privateKey, { alg: 'RS256', kid: 'k1' }), 'two'),
    };
    for (const headers of [ann, other]) {
      const called = await registry.call('GET', '/v1/me/devices', headers);
      expect(called.statusCode).toBe(200);
      expect(called.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });
});
