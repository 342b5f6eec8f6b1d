import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import {
  basic,
  OPERATOR_AUTH,
  startTestGateway,
  WEBHOOK_AUTH,
  type TestGateway,
} from '../support/gateway.js';
import { USERS, VIEWER_AUTH } from '../support/operators.js';

let gateway: TestGateway;
let routes: { method: string; url: string }[];
beforeAll(async () => {
  gateway = await startTestGateway({ config: { admin: { users: USERS } } });
  routes = parseRoutes(gateway.printRoutes());
});
afterAll(() => gateway.close());

/** Addresses the demo's account: callbacks of an unknown account are not found. */
const callbackOfDemo = (url: string): string =>
  url.replace('/callbacks/x/sms/x/', `/callbacks/${DEMO.appId}/sms/sandbox/`);

/** Routes that need no credentials. */
const OPEN = [
  /^\/$/,
  /^\/health\//,
  /^\/metrics$/,
  /^\/docs(-json)?(\/|$)/,
  /^\/admin(\/assets)?\/?$/,
  /^\/admin\/api\/welcome$/,
];

/** Areas of `/v1` for backends and operators. */
const SHARED = new Set([
  ...['notifications', 'opt-outs', 'providers', 'cometchat', 'search', 'audit', 'replays', 'tests', 'rules'],
  ...['stats', 'spend', 'events', 'status', 'scaling'],
]);

/** All routes, parsed from the tree that Fastify prints: four characters of indent per level. */
function parseRoutes(printed: string): { method: string; url: string }[] {
  const parents: string[] = [];
  return printed.split('\n').flatMap((line) => {
    const [, indent, part, methods] = /^((?:│ {3}| {4})*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    // Fastify prints a wildcard without its prefix; the Bull Board test below requests its files by name.
    if (indent === undefined || part === undefined || part === '*') return [];
    const depth = indent.length / 4;
    parents.length = depth;
    parents[depth] = part;
    const url = callbackOfDemo(parents.join('').replace(/:\w+/g, 'x'));
    return (methods?.split(', ') ?? []).map((method) => ({ method, url }));
  });
}

async function call(method: string, url: string, headers: Record<string, string> = {}) {
  const isStream = method === 'GET' && url === '/v1/events';
  if (!isStream) return gateway.request({ method, url, headers });
  // Has no end.
  const answer = await gateway.request({ method, url, headers, payloadAsStream: true });
  answer.stream().destroy();
  return answer;
}

describe('access to every route', () => {
  it('is tested on all printed routes', () => {
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

  it('is denied without credentials, except on open routes', async () => {
    const wrong: string[] = [];
    for (const { method, url } of routes) {
      const { statusCode } = await call(method, url);
      const isOpen = OPEN.some((pattern) => pattern.test(url));
      if (isOpen === (statusCode === 401)) wrong.push(`${method} ${url}: ${statusCode}`);
    }
    expect(wrong).toEqual([]);
  });

  it('is denied with wrong credentials', async () => {
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

  it('is denied with the credentials of another kind of caller', async () => {
    const callers = {
      webhook: { authorization: WEBHOOK_AUTH },
      operator: { authorization: OPERATOR_AUTH },
      backend: { apikey: DEMO.apiKey },
    };
    const of = (url: string): (keyof typeof callers)[] => {
      if (url.startsWith('/webhooks/')) return ['webhook'];
      if (
        /^\/v1\/users\/x(\/plan|\/export|\/contact|\/opt-outs\/lift|\/devices\/x\/(retire|restore))?$/.test(
          url,
        )
      )
        return ['backend', 'operator'];
      if (url.startsWith('/v1/users/')) return ['backend'];
      if (url.startsWith('/callbacks/')) return [];
      const [, area = ''] = /^\/v1\/([a-z-]+)/.exec(url) ?? [];
      if (SHARED.has(area)) return ['backend', 'operator'];
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

describe('a viewer', () => {
  /** Changes nothing, or only the viewer's own session. */
  const HARMLESS = new Set([
    'POST /v1/opt-outs/find',
    'POST /v1/rules/evaluate',
    'DELETE /admin/api/session',
  ]);
  const isRead = ({ method, url }: { method: string; url: string }): boolean =>
    method === 'GET' || method === 'HEAD' || HARMLESS.has(`${method} ${url}`);

  /** Gives addresses and contents in full. */
  const EXPORT = '/v1/users/x/export';

  it('may read whatever an operator may read but the export, and change nothing', async () => {
    let [reads, changes] = [0, 0];
    for (const route of routes) {
      const { method, url } = route;
      if (OPEN.some((pattern) => pattern.test(url)) || `${method} ${url}` === 'POST /admin/api/session')
        continue;
      const type = method === 'GET' || method === 'HEAD' ? {} : { 'content-type': 'application/json' };
      const viewer = await call(method, url, { ...type, authorization: VIEWER_AUTH });
      if (isRead(route)) {
        const operator = await call(method, url, { ...type, authorization: OPERATOR_AUTH });
        const expected = url === EXPORT ? 403 : operator.statusCode;
        expect([method, url, viewer.statusCode]).toEqual([method, url, expected]);
        reads += operator.statusCode === 401 ? 0 : 1;
      } else if (viewer.statusCode !== 401) {
        expect([method, url, viewer.json<{ code: string }>().code]).toEqual([method, url, 'AUTH.READ_ONLY']);
        changes += 1;
      }
    }
    expect([reads > 15, changes > 20]).toEqual([true, true]);
  });
});

describe('Bull Board', () => {
  it.each(['', '/', '/api/queues', '/static/x.js', '/queue/push'])(
    'serves /admin/queues%s to the operator only',
    async (path) => {
      const url = `/admin/queues${path}`;
      expect((await call('GET', url)).statusCode).toBe(401);
      expect((await call('GET', url, { authorization: OPERATOR_AUTH })).statusCode).not.toBe(401);
    },
  );

  it('lists every queue', async () => {
    const answer = await call('GET', '/admin/queues/api/queues', { authorization: OPERATOR_AUTH });
    const names = answer.json<{ queues: { name: string }[] }>().queues.map(({ name }) => name);
    expect(names).toEqual(['push', 'calls', 'sms', 'devices', 'replays', 'upkeep']);
  });
});

describe('browser security', () => {
  const operator = { authorization: OPERATOR_AUTH };

  it.each([
    '/docs',
    '/docs/swagger-ui-bundle.js',
    '/admin/queues/',
    '/admin/queues/api/queues',
    '/nothing',
    '/v1/notifications',
    '/sandbox/messages',
    '/health/live',
  ])('forbids framing, MIME sniffing, caching and foreign scripts on %s', async (url) => {
    const { headers, body } = await call('GET', url, operator);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:/);
    if (String(headers['content-type']).startsWith('text/html')) {
      const loaded = [...body.matchAll(/(?:src|href)=["']([^"']+)/g)].map(([, address]) => address);
      expect(loaded.filter((address) => /^(https?:)?\/\//.test(address ?? ''))).toEqual([]);
    }
  });

  const RESEND = '/v1/notifications/00000000-0000-7000-8000-000000000000/resend';
  const JSON_TYPE = { 'content-type': 'application/json' };
  it.each<[string, Record<string, string>, number]>([
    ['another site', { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, 403],
    ['a neighbouring site', { ...JSON_TYPE, 'sec-fetch-site': 'same-site' }, 403],
    ['a page without an origin', { ...JSON_TYPE, origin: 'null' }, 403],
    ['another origin', { ...JSON_TYPE, origin: 'https://evil.example' }, 403],
    ['another port', { ...JSON_TYPE, host: 'localhost:80', origin: 'http://localhost:8080' }, 403],
    ['an unknown origin without a content type', {}, 415],
    ['an unknown origin as text', { 'content-type': 'text/plain' }, 415],
    [
      'our own page',
      {
        ...JSON_TYPE,
        'sec-fetch-site': 'same-origin',
        host: 'localhost:3000',
        origin: 'http://localhost:3000',
      },
      404,
    ],
    ['our own page, with no body', { 'sec-fetch-site': 'same-origin' }, 404],
    ['a client that is no browser', JSON_TYPE, 404],
  ])('checks the origin of a change with the operator’s login: %s', async (_, headers, status) => {
    const answer = await call('POST', RESEND, { ...operator, ...headers });
    expect(answer.statusCode).toBe(status);
    if (status === 403) expect(answer.json<{ code: string }>().code).toBe('AUTH.OTHER_SITE');
    const board = await call('PUT', '/admin/queues/api/queues/push/promote', { ...operator, ...headers });
    expect(board.statusCode).toBe(status === 404 ? 200 : status);
  });

  it('answers a cross-site read without CORS headers', async () => {
    const answer = await call('GET', '/v1/notifications', { ...operator, 'sec-fetch-site': 'cross-site' });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('Bull Board without admin.queueActions', () => {
  it('allows reads, retries and promotions, and refuses every other action', async () => {
    const headers = { authorization: OPERATOR_AUTH, 'content-type': 'application/json' };
    const changes = routes.filter(
      ({ method, url }) => url.startsWith('/admin/queues/') && !['GET', 'HEAD'].includes(method),
    );
    const allowed: string[] = [];
    for (const { method, url } of changes) {
      const answer = await call(method, url, headers);
      if (answer.statusCode !== 403) allowed.push(url);
      else expect(answer.json()).toMatchObject({ code: 'QUEUE.ACTIONS_OFF' });
    }
    expect(changes.length).toBeGreaterThan(15);
    const queue = '/admin/queues/api/queues/x';
    expect(allowed.toSorted()).toEqual([
      `${queue}/promote`,
      `${queue}/retry/x`,
      `${queue}/x/promote`,
      `${queue}/x/retry`,
    ]);
  });
});

describe('an unknown route', () => {
  it('answers 404 with the standard error body', async () => {
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
