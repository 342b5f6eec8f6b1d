import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import {
  basic,
  OPERATOR_AUTH,
  startTestGateway,
  WEBHOOK_AUTH,
  type TestGateway,
} from '../support/gateway.js';

let gateway: TestGateway;
let routes: { method: string; url: string }[];
beforeAll(async () => {
  gateway = await startTestGateway();
  routes = parseRoutes(gateway.printRoutes());
});
afterAll(() => gateway.close());

/** The demo's account is there and has a secret; another one's address would be none. */
const callbackOfDemo = (url: string): string =>
  url.replace('/callbacks/x/sms/x/', `/callbacks/${DEMO.appId}/sms/sandbox/`);

/** What the contract opens to everybody. */
const OPEN = [/^\/health\//, /^\/metrics$/, /^\/docs(-json)?(\/|$)/];

/** Every address that the server knows, from the tree that Fastify prints: each level is four characters deeper. */
function parseRoutes(printed: string): { method: string; url: string }[] {
  const parents: string[] = [];
  return printed.split('\n').flatMap((line) => {
    const [, indent, part, methods] = /^((?:│ {3}| {4})*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    // A wildcard is printed without the fixed part before it; Bull Board's files are asked for by name below.
    if (indent === undefined || part === undefined || part === '*') return [];
    const depth = indent.length / 4;
    parents.length = depth;
    parents[depth] = part;
    const url = callbackOfDemo(parents.join('').replace(/:\w+/g, 'x'));
    return (methods?.split(', ') ?? []).map((method) => ({ method, url }));
  });
}

const call = (method: string, url: string, headers: Record<string, string> = {}) =>
  gateway.request({ method, url, headers });

describe('every route', () => {
  it('is known to this test', () => {
    const urls = routes.map(({ url }) => url);
    expect(urls).toEqual(
      expect.arrayContaining([
        '/webhooks/cometchat/push',
        '/v1/me/devices',
        '/callbacks/app123/sms/sandbox/status',
        '/callbacks/app123/sms/sandbox/inbound',
        '/v1/me/receipts',
        '/v1/users/x/receipts',
        '/admin/queues/api/queues',
        '/docs-json',
      ]),
    );
    expect(routes.length).toBeGreaterThan(40);
  });

  it('is closed to strangers, unless the contract opens it', async () => {
    const wrong: string[] = [];
    for (const { method, url } of routes) {
      const { statusCode } = await call(method, url);
      const isOpen = OPEN.some((pattern) => pattern.test(url));
      if (isOpen === (statusCode === 401)) wrong.push(`${method} ${url}: ${statusCode}`);
    }
    expect(wrong).toEqual([]);
  });

  it('is closed to the wrong credentials', async () => {
    const wrong: Record<string, string>[] = [
      { authorization: basic('admin', 'wrong') },
      { authorization: 'Bearer wrong' },
      { apikey: 'wrong-key-123' },
    ];
    for (const { method, url } of routes) {
      if (OPEN.some((pattern) => pattern.test(url))) continue;
      for (const headers of wrong)
        expect([url, (await call(method, url, headers)).statusCode]).toEqual([url, 401]);
    }
  });

  it('takes no other caller’s credentials', async () => {
    const callers = {
      webhook: { authorization: WEBHOOK_AUTH },
      operator: { authorization: OPERATOR_AUTH },
      backend: { apikey: DEMO.apiKey },
    };
    const of = (url: string): (keyof typeof callers)[] => {
      if (url.startsWith('/webhooks/')) return ['webhook'];
      if (url.startsWith('/v1/users/')) return ['backend'];
      if (url.startsWith('/callbacks/')) return [];
      if (/^\/v1\/(notifications|opt-outs|providers)/.test(url)) return ['backend', 'operator'];
      return url.startsWith('/v1/me/') ? [] : ['operator'];
    };
    for (const { method, url } of routes) {
      if (OPEN.some((pattern) => pattern.test(url))) continue;
      for (const [name, headers] of Object.entries(callers)) {
        if (of(url).some((allowed) => allowed === name)) continue;
        expect([name, url, (await call(method, url, headers)).statusCode]).toEqual([name, url, 401]);
      }
    }
  });
});

describe('Bull Board', () => {
  it.each(['', '/', '/api/queues', '/static/x.js', '/queue/push'])(
    'opens /admin/queues%s to the operator alone',
    async (path) => {
      const url = `/admin/queues${path}`;
      expect((await call('GET', url)).statusCode).toBe(401);
      expect((await call('GET', url, { authorization: OPERATOR_AUTH })).statusCode).not.toBe(401);
    },
  );

  it('shows every lane', async () => {
    const answer = await call('GET', '/admin/queues/api/queues', { authorization: OPERATOR_AUTH });
    const names = answer.json<{ queues: { name: string }[] }>().queues.map(({ name }) => name);
    expect(names).toEqual(['plan', 'plan-calls', 'push', 'push-calls', 'sms', 'devices', 'upkeep']);
  });
});

describe('an address that is none', () => {
  it('is answered 404 in the house’s form', async () => {
    const answer = await call('GET', '/nothing');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({
      statusCode: 404,
      code: 'REQUEST.NOT_FOUND',
      errors: [],
      requestId: expect.any(String),
    });
  });
});
