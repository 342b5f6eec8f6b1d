import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';

const SECRET = 'a-secret-of-the-body';

describe('a webhook of an app that only signs', () => {
  const onlySigned = {
    appId: 'only-signed',
    region: 'eu',
    webhook: { signature: { secret: SECRET, header: 'X-Own', algorithm: 'sha512', encoding: 'base64' } },
    push: { providers: [{ id: 'default', type: 'sandbox' }] },
  };
  const body = JSON.stringify({ ...push(), appId: 'only-signed' });
  const signature = createHmac('sha512', SECRET).update(body).digest('base64');
  let signing: TestGateway;
  beforeAll(async () => {
    signing = await startTestGateway({ config: { apps: [onlySigned] } });
  });
  afterAll(() => signing.close());

  it('needs no Basic Auth', async () => {
    const answer = await signing.webhook('push', body, { authorization: '', 'x-own': signature });
    expect(answer.statusCode).toBe(200);
  });

  it.each([
    ['no signature', body, {}],
    ['a signature of another body', JSON.stringify(push()), { 'x-own': signature }],
    ['a signature in another encoding', body, { 'x-own': Buffer.from(signature, 'base64').toString('hex') }],
  ])('is refused with %s', async (_what, text, headers) => {
    expect((await signing.webhook('push', text, { authorization: '', ...headers })).statusCode).toBe(401);
  });
});
