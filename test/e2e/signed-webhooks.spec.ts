import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { push } from '../support/payloads.js';

const SECRET = 'a-secret-of-the-body';

describe('a webhook of an app with signatures and without Basic Auth', () => {
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
    const http = { maxUnverifiedBytes: 1_048_576 };
    signing = await startTestGateway({ config: { apps: [onlySigned], http } });
  });
  afterAll(() => signing.close());

  it('is accepted with a valid signature alone', async () => {
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

  it('is refused while unverified bodies of its address exceed their byte limit', async () => {
    const post = async (bytes: number): Promise<[number, unknown]> => {
      const text = JSON.stringify({ padding: 'x'.repeat(bytes) });
      const answer = await signing.webhook('push', text, { authorization: '', 'x-own': 'not-the-signature' });
      return [answer.statusCode, answer.headers['retry-after']];
    };
    // One address gets a quarter of the limit; answered requests no longer count.
    for (let i = 0; i < 6; i++) expect(await post(200_000)).toEqual([401, undefined]);
    expect(await post(300_000)).toEqual([503, expect.stringMatching(/^\d+$/)]);
    const good = JSON.stringify({ ...push({ tag: 'after the flood' }), appId: 'only-signed' });
    const signed = createHmac('sha512', SECRET).update(good).digest('base64');
    expect((await signing.webhook('push', good, { authorization: '', 'x-own': signed })).statusCode).toBe(
      200,
    );
  });
});
