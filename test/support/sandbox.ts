import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { DEMO } from '../../src/platform/config/demo-config.js';
import type { SandboxState } from '../../src/domain/sandbox-switch.js';
import { OPERATOR_AUTH, type TestGateway } from './gateway.js';

/** An SMS provider that is no sandbox; nothing is sent through it. */
export const REAL_SMS = {
  id: 'real',
  type: 'twilio',
  accountSid: `AC${'0'.repeat(32)}`,
  authToken: 'a-token',
  from: '+15005550006',
} as const;

/** The demo app's sandboxes. */
export const SANDBOXES = { push: 'push/default', sms: 'sms/sandbox' } as const;

/** Switches a sandbox of the demo app, such as `push/default`. */
export const switchSandbox = (
  gateway: TestGateway,
  vendor: string,
  state: SandboxState,
  more: InjectOptions = {},
): Promise<LightMyRequestResponse> =>
  gateway.request({
    ...{ method: 'PUT', url: `/sandbox/vendors/${DEMO.appId}/${vendor}` },
    headers: { authorization: OPERATOR_AUTH },
    payload: { state },
    ...more,
  });
