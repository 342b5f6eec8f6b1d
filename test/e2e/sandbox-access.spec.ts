import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestGateway, type TestGateway } from '../support/gateway.js';

describe('the sandbox', () => {
  let demo: TestGateway;
  beforeAll(async () => {
    demo = await startTestGateway({ demo: true });
  });
  afterAll(() => demo.close());

  it('is open on loopback in the demo', async () => {
    const from = (remoteAddress: string) =>
      demo.request({ method: 'GET', url: '/sandbox/messages', remoteAddress });
    expect((await from('127.0.0.1')).statusCode).toBe(200);
    expect((await from('10.0.0.7')).statusCode).toBe(401);
  });
});
