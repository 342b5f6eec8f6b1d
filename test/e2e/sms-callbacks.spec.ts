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
const status = (body: unknown, secret: string = SECRET) => call(`${ADDRESS}/status?secret=${secret}`, body);

let numbers = 0;
const text = async (): Promise<NotificationJson> => {
  numbers += 1;
  const phno = `+1415555${String(1_000 + numbers)}`;
  const answer = await gateway.webhook('sms', sms(phno, `reader-${numbers}`));
  const { notificationId } = answer.json<{ notificationId: string }>();
  return gateway.notification(notificationId);
};
const referenceOf = ({ deliveries }: NotificationJson): string => `${deliveries[0]?.id}-1`;

describe('a receipt', () => {
  it('is shown in the ledger, in whatever order receipts come', async () => {
    const sent = await text();
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
    for (const word of ['delivered', 'accepted', 'failed', 'delivered']) {
      const answer = await status({ reference, status: word, code: word });
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

  it('says why a text did not arrive', async () => {
    const [plain, told] = [await text(), await text()];
    await status({ reference: referenceOf(plain), status: 'failed', code: '30008' });
    await status({ reference: referenceOf(told), status: 'failed', code: 'number_unreachable' });
    expect(await gateway.notification(plain.id)).toMatchObject({
      status: 'failed',
      deliveries: [{ reason: 'undelivered', attempts: [{ receipt: { vendorCode: '30008' } }] }],
    });
    expect(await gateway.notification(told.id)).toMatchObject({
      deliveries: [{ reason: 'number_unreachable' }],
    });
  });

  it('of a text that nobody knows is taken all the same', async () => {
    expect((await status({ id: 'never-heard-of', status: 'delivered' })).statusCode).toBe(200);
  });

  it('is counted', async () => {
    const metrics = await gateway.request({ url: '/metrics' });
    expect(metrics.body).toMatch(
      /bellhop_sms_delivery_reports_total\{app="app123",provider="sandbox",status="delivered"\} [1-9]/,
    );
  });
});

describe('a callback', () => {
  const word = { id: 'sandbox-x', status: 'delivered' };

  it.each([
    ['no secret', `${ADDRESS}/status`],
    ['an empty one', `${ADDRESS}/status?secret=`],
    ['a wrong one', `${ADDRESS}/status?secret=callback-demo-secreT`],
    ['a right one after a wrong one', `${ADDRESS}/status?secret=wrong&secret=${SECRET}`],
    ['the right one elsewhere', `${ADDRESS}/status?token=${SECRET}`],
  ])('with %s is refused', async (_name, url) => {
    const answer = await call(url, word);
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({
      code: 'CALLBACK.INVALID_SIGNATURE',
      requestId: expect.any(String),
    });
  });

  it('takes the secret under its longer name as well', async () => {
    expect((await call(`${ADDRESS}/status?callbackSecret=${SECRET}`, word)).statusCode).toBe(200);
  });

  it.each([
    ['app', `/callbacks/nobody/sms/sandbox/status?secret=${SECRET}`],
    ['provider', `/callbacks/${DEMO.appId}/sms/nobody/status?secret=${SECRET}`],
    ['part of one', `/callbacks/${DEMO.appId}/sms/sandbox/other?secret=${SECRET}`],
  ])('to no %s is answered 404', async (_name, url) => {
    const answer = await call(url, word);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ statusCode: 404, requestId: expect.any(String) });
  });

  it.each([
    ['no JSON', 'status=delivered', 'application/x-www-form-urlencoded'],
    ['an unknown status', { ...word, status: 'read' }, 'application/json'],
    ['nothing', '', 'text/plain'],
    ['a list', '[]', 'application/json'],
  ])('that says %s is answered 400', async (_name, body, contentType) => {
    const answer = await call(`${ADDRESS}/status?secret=${SECRET}`, body, contentType);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'CALLBACK.INVALID_BODY' });
  });

  it('is read whatever its media type, as the bytes that came', async () => {
    for (const type of [
      'application/json',
      'text/plain',
      'application/octet-stream',
      'application/vnd.x+json',
    ])
      expect((await call(`${ADDRESS}/status?secret=${SECRET}`, word, type)).statusCode).toBe(200);
    const form = await gateway.request({
      method: 'POST',
      url: '/v1/notifications',
      headers: { apikey: DEMO.apiKey, 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'uid=x',
    });
    expect(form.statusCode).toBe(415);
  });

  it('may be 64 kB large and no larger', async () => {
    const padded = (length: number) =>
      call(`${ADDRESS}/status?secret=${SECRET}`, { ...word, x: 'x'.repeat(length) });
    expect((await padded(60_000)).statusCode).toBe(200);
    expect((await padded(70_000)).statusCode).toBe(413);
  });

  it('by GET is checked likewise', async () => {
    expect((await call(`${ADDRESS}/status`, '', '', 'GET')).statusCode).toBe(401);
    // The sandbox reports in bodies alone.
    expect((await call(`${ADDRESS}/status?secret=${SECRET}`, '', '', 'GET')).statusCode).toBe(400);
  });

  it('leaves no secret and no number in the log', () => {
    expect(log.join('')).toContain('delivery.reported');
    expect(log.join('')).not.toContain(SECRET);
    expect(log.join('')).not.toMatch(/\+?1415555\d{4}/);
  });
});
