import { afterAll, beforeAll, expect } from '@jest/globals';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import type { PhoneDto } from '../../src/rehearsal/phones/phone.dto.js';
import { startTestGateway, type SandboxJson, type TestGateway } from '../support/gateway.js';
import { USERS } from '../support/operators.js';
import { REAL_SMS } from '../support/sandbox.js';

const [demo] = DEMO_CONFIG.apps;
const clients = { apiKeys: ['another-backend-key'] };
const apps = [
  { ...demo, push: { ...demo?.push, storm: { ceiling: 0 } } },
  { ...demo, clients, appId: 'real-sms', sms: { ...demo?.sms, providers: [REAL_SMS] } },
  {
    ...demo,
    clients: { apiKeys: ['a-third-backend-key'] },
    appId: 'copies',
    sms: { ...demo?.sms, providers: [REAL_SMS] },
    rules: [{ name: 'copy', when: 'true', then: { copyToSms: true } }],
  },
];

interface Played {
  readonly notificationIds: string[];
  readonly sessionId?: string;
}

/** Starts the demo, with two more apps whose SMS go to a real vendor. Call it at the top of the file. */
export function useSandboxDemo() {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ demo: true, config: { apps, admin: { users: USERS } } });
  });
  afterAll(() => gateway.close());

  /** By default without credentials: in the demo, any local request may. */
  const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
    gateway.request({
      ...{ method: 'POST', url, headers: { 'content-type': 'application/json', ...headers } },
      payload: { appId: DEMO.appId, ...payload },
    });
  return {
    request: (options: Parameters<TestGateway['request']>[0]) => gateway.request(options),
    settled: (ids: readonly string[]) => gateway.notifications(ids),
    post,
    play: async (body: object): Promise<Played> => {
      const answer = await post('/sandbox/play', body);
      expect([answer.statusCode, answer.body]).toEqual([200, expect.anything()]);
      return answer.json<Played>();
    },
    add: async (uid: string, platform: string): Promise<PhoneDto[]> => {
      const answer = await post('/sandbox/phones', { uid, platform });
      expect([answer.statusCode, answer.body]).toEqual([201, expect.anything()]);
      return answer.json<{ data: PhoneDto[] }>().data;
    },
    phones: async (): Promise<PhoneDto[]> =>
      (await gateway.request({ method: 'GET', url: '/sandbox/phones' })).json<{ data: PhoneDto[] }>().data,
    /** The messages of the sandbox to a user, oldest first. */
    received: async (uid: string): Promise<SandboxJson[]> =>
      (await gateway.sandboxMessages()).filter((message) => message.uid === uid).toReversed(),
  };
}
