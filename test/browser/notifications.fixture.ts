import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import { DEMO, DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { postSettled, registerPhone } from '../support/arrange.js';
import { focusedName, useBrowser, type PageOptions } from '../support/browser.js';
import { startCometChat, type CometChatServer } from '../support/cometchat-server.js';
import {
  startTestGateway,
  type NotificationJson,
  type StoryJson,
  type TestGateway,
} from '../support/gateway.js';
import { USERS } from '../support/operators.js';
import { push } from '../support/payloads.js';

/** Starts a gateway that shows contents, with a phone of `ann` and a simulated CometChat. Call it at the top of the file. */
export function useNotifications() {
  const browser = useBrowser();
  let chat: CometChatServer;
  let gateway: TestGateway;
  beforeAll(async () => {
    chat = await startCometChat(DEMO.appId);
    chat.isLogging = true;
    const cometchat = { apiEndpoint: chat.url, ca: chat.ca, restApiKey: 'rest-api-key' };
    gateway = await startTestGateway({
      config: {
        apps: [{ ...DEMO_CONFIG.apps[0], cometchat }],
        admin: { users: USERS, showContent: true },
      },
    });
    await registerPhone(gateway, 'ann');
  });
  afterAll(async () => {
    await gateway.close();
    await chat.close();
  });
  const post = (channel: 'push' | 'sms', event: object): Promise<NotificationJson> =>
    postSettled(gateway, channel, event);
  return {
    gateway: () => gateway,
    chat: () => chat,
    open: (path: string, options?: PageOptions): Promise<Page> => browser.open(gateway, path, options),
    /** Posts a webhook. @returns its notification once it is settled */
    post,
    /** A push to a phone on which the app is no longer installed. */
    postFailing: async (uid: string): Promise<NotificationJson> => {
      await registerPhone(gateway, uid, { fcmToken: `unregistered-token-of-${uid}` });
      return post('push', push({ tag: uid }, uid));
    },
    storyOf: async (id: string): Promise<StoryJson> =>
      (await gateway.backend('GET', `/v1/notifications/${id}`)).json<StoryJson>(),
  };
}

export const rows = (page: Page) => page.getByRole('table', { name: 'Notifications' }).locator('tbody tr');

/** Presses Tab until the focus is on the element with this name. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; (await focusedName(page)) !== name; presses += 1) {
    expect(presses).toBeLessThan(60);
    await page.keyboard.press('Tab');
  }
}
