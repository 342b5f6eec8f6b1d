import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { documentOfGateway } from '../../scripts/docs/http-api-page.mjs';
import { REASONS } from '../../src/domain/reason.js';
import { ERRORS } from '../../src/platform/errors/error-table.js';
import { OPERATOR_AUTH, startTestGateway, type TestGateway } from '../support/gateway.js';

interface ResponseJson {
  description?: string;
  content?: Record<string, { schema: { $ref?: string } }>;
}
interface OperationJson {
  operationId: string;
  responses: Record<string, ResponseJson>;
}
interface ApiJson {
  paths: Record<string, Record<string, OperationJson>>;
  components: { schemas: Record<string, { properties: Record<string, Record<string, unknown>> }> };
}

let gateway: TestGateway;
let api: ApiJson;
let operations: (OperationJson & { name: string })[];
beforeAll(async () => {
  gateway = await startTestGateway({
    config: { admin: { queueActions: true } },
    settings: { ops: { host: '127.0.0.1', port: 0 } },
  });
  api = (await (await fetch(`${gateway.opsUrl}/docs-json`)).json()) as ApiJson;
  operations = Object.entries(api.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      name: `${method.toUpperCase()} ${path}`,
    })),
  );
});
afterAll(() => gateway.close());

const schemaOf = (response: ResponseJson | undefined): string | undefined =>
  response?.content?.['application/json']?.schema.$ref;
const ERROR = '#/components/schemas/ErrorBodyDto';

describe('the OpenAPI document', () => {
  it('declares the error schema for every error of every route', () => {
    expect(operations.length).toBeGreaterThan(20);
    for (const { name, responses } of operations) {
      expect([name, schemaOf(responses['default'])]).toEqual([name, ERROR]);
      for (const [status, response] of Object.entries(responses)) {
        if (Number(status) >= 400) expect([name, status, schemaOf(response)]).toEqual([name, status, ERROR]);
      }
    }
  });

  it('has one class for each schema name', () => {
    // Nest keeps one schema per name: a second class of that name overwrites the first.
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const source = files.map((file) => readFileSync(`src/${file}`, 'utf8')).join('\n');
    const classes = Array.from(
      source.matchAll(/^(?:export )?(?:abstract )?class (\w+)/gm),
      ([, name]) => name,
    );
    const isTwice = (name: string): boolean => classes.indexOf(name) !== classes.lastIndexOf(name);
    expect(Object.keys(api.components.schemas).filter(isTwice)).toEqual([]);
    expect(classes).toContain('NotificationDto');
  });

  it('lists the error codes of each status, from the guard and from the route', () => {
    const sendRoute = operations.find(({ name }) => name === 'POST /v1/notifications');
    for (const [status, codes] of Object.entries({
      400: ['APP.REQUIRED', 'REQUEST.INVALID_BODY', 'REQUEST.INVALID_HEADER', 'REQUEST.INVALID_JSON'],
      401: ['AUTH.INVALID', 'AUTH.REQUIRED'],
      409: ['NOTIFICATION.IDEMPOTENCY_CONFLICT'],
      503: ['NOTIFICATION.NOT_STORED'],
    })) {
      for (const code of codes) expect(sendRoute?.responses[status]?.description).toContain(`\`${code}\``);
    }
    const me = operations.find(({ name }) => name === 'GET /v1/me/devices');
    expect(me?.responses['503']?.description).toContain('SERVICE.UNAVAILABLE');
  });

  it('lists every error code and every reason', () => {
    const { schemas } = api.components;
    expect(JSON.stringify(schemas['ErrorCode'])).toBe(
      JSON.stringify({ type: 'string', enum: Object.keys(ERRORS) }),
    );
    const reason = schemas['DeliveryDto']?.properties['reason'];
    expect(reason?.['enum']).toEqual(Object.keys(REASONS));
    for (const [code, { meaning }] of Object.entries(REASONS))
      expect(reason?.['description']).toContain(`\`${code}\`: ${meaning}`);
  });

  it('equals the document that docs/http-api.md is generated from', async () => {
    expect(JSON.parse(JSON.stringify(await documentOfGateway()))).toEqual(api);
  });

  it('describes the error body that a route answers', async () => {
    const body = (await gateway.request({ url: '/v1/notifications' })).json<object>();
    expect(Object.keys(body).sort()).toEqual(
      Object.keys(api.components.schemas['ErrorBodyDto']?.properties ?? {}).sort(),
    );
  });
});

describe('the ops port', () => {
  const status = async (base: string, path: string): Promise<number> => {
    const answer = await fetch(`${base}${path}`);
    await answer.arrayBuffer();
    return answer.status;
  };

  it('serves health, metrics and the API page in place of the main port', async () => {
    for (const path of [
      '/health/live',
      '/health/ready',
      '/metrics',
      '/docs',
      '/docs-json',
      '/docs/swagger-ui.css',
    ]) {
      expect([path, await status(gateway.opsUrl, path), await status(gateway.url, path)]).toEqual([
        path,
        200,
        404,
      ]);
    }
  });

  it('serves no other route', async () => {
    for (const path of ['/v1/notifications', '/admin/queues', '/webhooks/cometchat/push', '/v1/me/devices']) {
      expect([path, await status(gateway.opsUrl, path)]).toEqual([path, 404]);
    }
    expect(await status(gateway.url, '/v1/notifications')).toBe(401);
  });

  it('answers concurrent readiness checks', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => status(gateway.opsUrl, '/health/ready')),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
  });

  it('does not serialise the API document per request', async () => {
    const stringify = jest.spyOn(JSON, 'stringify');
    await Promise.all([1, 2, 3].map(() => status(gateway.opsUrl, '/docs-json')));
    const written = stringify.mock.calls.filter(
      ([value]) => typeof value === 'object' && value !== null && 'openapi' in value,
    );
    stringify.mockRestore();
    expect(written).toEqual([]);
  });
});

describe('admin.queueActions', () => {
  it('lets an operator pause a queue in Bull Board', async () => {
    for (const action of ['pause', 'resume']) {
      const answer = await gateway.request({
        method: 'PUT',
        url: `/admin/queues/api/queues/upkeep/${action}`,
        headers: { authorization: OPERATOR_AUTH, 'content-type': 'application/json' },
      });
      expect([action, answer.statusCode]).toEqual([action, 200]);
    }
  });
});
