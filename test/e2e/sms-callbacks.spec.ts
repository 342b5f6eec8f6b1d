import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { startTestGateway, type NotificationJson, type TestGateway } from '../support/gateway.js';
import { sms } from '../support/payloads.js';

const log: string[] = [];
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ log: (line) => log.push(line) });
});
afterAll(() => gateway.close());

const SECRET = DEMO.callbackSecret;
const ADDRESS = `/callbacks/${DEMO.appId}/sms/sandbox`;

const call = (
  url: string,
  body: unknown,
  contentType = 'application/json',
  method: 'GET' | 'POST' = 'POST',
) =>
  gateway.request({
    method,
    url,
    ...(method === 'POST'
      ? {
          headers: { 'content-type': contentType },
          payload: typeof body === 'string' ? body : JSON.stringify(body),
        }
      : {}),
  });
const report = (body: unknown) => call(`${ADDRESS}/status?secret=${SECRET}`, body);

let numbers = 0;
const sendSms = async (): Promise<NotificationJson> => {
  numbers += 1;
  const phno = `+1415555${String(1_000 + numbers)}`;
  const answer = await gateway.webhook('sms', sms(phno, `reader-${numbers}`));
  const { notificationId } = answer.json<{ notificationId: string }>();
  return gateway.notification(notificationId);
};
const referenceOf = ({ deliveries }: NotificationJson): string => `${deliveries[0]?.id}-1`;

describe('a delivery report', () => {
  it('is shown in the ledger, and an earlier status does not replace a later one', async () => {
    const sent = await sendSms();
    expect(sent).toMatchObject({
      status: 'sent',
      deliveries: [
        {
          sms: expect.any(Object),
          attempts: [{ outcome: 'accepted', receipt: null }],
        },
      ],
    });
    expect(sent.deliveries[0]).not.toHaveProperty('wouldSend');
    expect(sent.deliveries[0]?.attempts[0]).not.toHaveProperty('possibleDouble');
    const reference = referenceOf(sent);
    for (const status of ['delivered', 'accepted', 'failed', 'delivered']) {
      const answer = await report({ reference, status, code: status });
      expect([answer.statusCode, answer.body]).toEqual([200, '{}']);
    }
    expect(await gateway.notification(sent.id)).toMatchObject({
      status: 'delivered',
      deliveries: [
        {
          status: 'delivered',
          attempts: [{ receipt: { status: 'delivered', vendorCode: 'delivered', at: expect.any(String) } }],
        },
      ],
    });
  });

  it('records why an SMS was not delivered', async () => {
    const [unexplained, explained] = [await sendSms(), await sendSms()];
    await report({ reference: referenceOf(unexplained), status: 'failed', code: '30008' });
    await report({ reference: referenceOf(explained), status: 'failed', code: 'number_unreachable' });
    expect(await gateway.notification(unexplained.id)).toMatchObject({
      status: 'failed',
      deliveries: [{ reason: 'undelivered', attempts: [{ receipt: { vendorCode: '30008' } }] }],
    });
    expect(await gateway.notification(explained.id)).toMatchObject({
      deliveries: [{ reason: 'number_unreachable' }],
    });
  });

  it('of an unknown SMS is accepted', async () => {
    expect((await report({ id: 'never-heard-of', status: 'delivered' })).statusCode).toBe(200);
  });

  it('is counted by app, provider and status', async () => {
    const metrics = await gateway.request({ url: '/metrics' });
    expect(metrics.body).toMatch(
      /bellhop_sms_delivery_reports_total\{app="app123",provider="sandbox",status="delivered"\} [1-9]/,
    );
  });
});

describe('a callback', () => {
  const payload = { id: 'sandbox-x', status: 'delivered' };

  it.each([
    ['no secret', `${ADDRESS}/status`],
    ['an empty secret', `${ADDRESS}/status?secret=`],
    ['a wrong secret', `${ADDRESS}/status?secret=callback-demo-secreT`],
    ['the right secret after a wrong one', `${ADDRESS}/status?secret=wrong&secret=${SECRET}`],
    ['the right secret in another parameter', `${ADDRESS}/status?token=${SECRET}`],
  ])('with %s is refused', async (_name, url) => {
    const answer = await call(url, payload);
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({
      code: 'CALLBACK.INVALID_SIGNATURE',
      requestId: expect.any(String),
    });
  });

  it('may name its secret callbackSecret', async () => {
    expect((await call(`${ADDRESS}/status?callbackSecret=${SECRET}`, payload)).statusCode).toBe(200);
  });

  it.each([
    ['app', `/callbacks/nobody/sms/sandbox/status?secret=${SECRET}`],
    ['provider', `/callbacks/${DEMO.appId}/sms/nobody/status?secret=${SECRET}`],
    ['route of a provider', `/callbacks/${DEMO.appId}/sms/sandbox/other?secret=${SECRET}`],
  ])('is answered with 404 for an unknown %s', async (_name, url) => {
    const answer = await call(url, payload);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ statusCode: 404, requestId: expect.any(String) });
  });

  it.each([
    ['that is not JSON', 'status=delivered', 'application/x-www-form-urlencoded'],
    ['with an unknown status', { ...payload, status: 'read' }, 'application/json'],
    ['that is empty', '', 'text/plain'],
    ['that is a list', '[]', 'application/json'],
  ])('is answered with 400 for a body %s', async (_name, body, contentType) => {
    const answer = await call(`${ADDRESS}/status?secret=${SECRET}`, body, contentType);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'CALLBACK.INVALID_BODY' });
  });

  it('is read as raw bytes regardless of its media type', async () => {
    for (const type of [
      'application/json',
      'text/plain',
      'application/octet-stream',
      'application/vnd.x+json',
    ])
      expect((await call(`${ADDRESS}/status?secret=${SECRET}`, payload, type)).statusCode).toBe(200);
    const form = await gateway.request({
      method: 'POST',
      url: '/v1/notifications',
      headers: { apikey: DEMO.apiKey, 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'uid=x',
    });
    expect(form.statusCode).toBe(415);
  });

  it('is limited to 64 kB', async () => {
    const padded = (length: number) =>
      call(`${ADDRESS}/status?secret=${SECRET}`, { ...payload, x: 'x'.repeat(length) });
    expect((await padded(60_000)).statusCode).toBe(200);
    expect((await padded(70_000)).statusCode).toBe(413);
  });

  it('is checked alike if it is a GET', async () => {
    expect((await call(`${ADDRESS}/status`, '', '', 'GET')).statusCode).toBe(401);
    // The sandbox reads reports from bodies only.
    expect((await call(`${ADDRESS}/status?secret=${SECRET}`, '', '', 'GET')).statusCode).toBe(400);
  });

  it('logs neither its secret nor a phone number', () => {
    expect(log.join('')).toContain('delivery.reported');
    expect(log.join('')).not.toContain(SECRET);
    expect(log.join('')).not.toMatch(/\+?1415555\d{4}/);
  });
});
