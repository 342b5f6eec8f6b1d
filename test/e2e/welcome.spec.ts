import { afterEach, describe, expect, it } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { DEMO_ADMIN } from '../../src/platform/config/process-settings.js';
import { startTestGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.js';

let gateway: TestGateway | undefined;
afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

const OWN = { admin: { username: 'root', password: 'a-password-of-its-own' } };
const REMOTE: readonly Pick<InjectOptions, 'remoteAddress' | 'headers'>[] = [
  { remoteAddress: '10.0.0.7' },
  { headers: { 'x-forwarded-for': '127.0.0.1' } },
  { headers: { host: 'demo.ngrok.app' } },
];

async function welcome(options: TestGatewayOptions) {
  const started = await startTestGateway(options);
  gateway = started;
  return (origin: Partial<InjectOptions> = {}) =>
    started.request({ method: 'GET', url: '/admin/api/welcome', ...origin });
}

describe('the welcome', () => {
  it('gives the demo’s login to this machine alone, and leads to the phones', async () => {
    const ask = await welcome({ demo: true });
    const version = expect.stringMatching(/^\d+\.\d+\.\d+/);
    const local = await ask();
    expect(local.json()).toEqual({ isDemo: true, login: DEMO_ADMIN, version });
    expect(local.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
    for (const origin of REMOTE)
      expect((await ask(origin)).json()).toEqual({ isDemo: true, login: null, version });
    const root = await gateway?.request({ method: 'GET', url: '/' });
    expect([root?.statusCode, root?.headers.location]).toEqual([302, '/admin/phones']);
  });

  it('gives no login that is not the demo’s', async () => {
    const ask = await welcome({ demo: true, settings: OWN });
    expect((await ask()).json()).toMatchObject({ isDemo: true, login: null });
  });

  it('gives no login without the demo, and leads to the console', async () => {
    const ask = await welcome({});
    expect((await ask()).json()).toMatchObject({ isDemo: false, login: null });
    const root = await gateway?.request({ method: 'GET', url: '/' });
    expect([root?.statusCode, root?.headers.location]).toEqual([302, '/admin/']);
  });
});
