import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REASONS } from '../../src/domain/reason.js';
import { ERRORS } from '../../src/platform/errors/error-table.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

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
  gateway = await startTestGateway();
  api = (await gateway.request({ url: '/docs-json' })).json<ApiJson>();
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

describe('the API page', () => {
  it('gives every route’s errors their form', () => {
    expect(operations.length).toBeGreaterThan(20);
    for (const { name, responses } of operations) {
      expect([name, schemaOf(responses['default'])]).toEqual([name, ERROR]);
      for (const [status, response] of Object.entries(responses)) {
        if (Number(status) >= 400) expect([name, status, schemaOf(response)]).toEqual([name, status, ERROR]);
      }
    }
  });

  it('names the codes of each status, those of the guard and those of the route', () => {
    const order = operations.find(({ name }) => name === 'POST /v1/notifications');
    for (const [status, codes] of Object.entries({
      400: ['APP.REQUIRED', 'REQUEST.INVALID_BODY', 'REQUEST.INVALID_HEADER', 'REQUEST.INVALID_JSON'],
      401: ['AUTH.INVALID', 'AUTH.REQUIRED'],
      409: ['NOTIFICATION.IDEMPOTENCY_CONFLICT'],
      503: ['NOTIFICATION.NOT_STORED'],
    })) {
      for (const code of codes) expect(order?.responses[status]?.description).toContain(`\`${code}\``);
    }
    const me = operations.find(({ name }) => name === 'GET /v1/me/devices');
    expect(me?.responses['503']?.description).toContain('SERVICE.UNAVAILABLE');
  });

  it('has the whole list of codes and of reasons', () => {
    const { schemas } = api.components;
    expect(JSON.stringify(schemas['ErrorCode'])).toBe(
      JSON.stringify({ type: 'string', enum: Object.keys(ERRORS) }),
    );
    const reason = schemas['DeliveryDto']?.properties['reason'];
    expect(reason?.['enum']).toEqual(Object.keys(REASONS));
    for (const [code, meaning] of Object.entries(REASONS))
      expect(reason?.['description']).toContain(`\`${code}\`: ${meaning}`);
  });

  it('matches what is answered', async () => {
    const body = (await gateway.request({ url: '/v1/notifications' })).json<object>();
    expect(Object.keys(body).sort()).toEqual(
      Object.keys(api.components.schemas['ErrorBodyDto']?.properties ?? {}).sort(),
    );
  });
});
