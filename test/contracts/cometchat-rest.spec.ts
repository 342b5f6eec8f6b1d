import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CometChatRest } from '../../src/platform/cometchat/cometchat-rest.js';
import type { CustomProvider } from '../../src/platform/cometchat/custom-provider.js';
import { restClientOf } from '../support/cometchat-client.js';
import { startCometChat, type CometChatServer } from '../support/cometchat-server.js';
import type { VendorAnswer } from '../support/vendor-server.js';
import { until } from '../support/until.js';

let chat: CometChatServer;
let rest: CometChatRest;
const clients: CometChatRest[] = [];

beforeAll(async () => {
  chat = await startCometChat('app123');
  rest = restWith(chat.restApiKey);
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await chat.close();
});
beforeEach(() => {
  chat.trouble = undefined;
  delete chat.custom.push;
  delete chat.custom.sms;
  chat.builtIn.fcm = [];
  chat.builtIn.apns = [];
  chat.builtIn.twilio = {};
});

function restWith(key: string): CometChatRest {
  const client = restClientOf(chat, key);
  clients.push(client);
  return client;
}

const OURS: CustomProvider = {
  isEnabled: true,
  webhookUrl: 'https://push.example.com/webhooks/cometchat/push',
  usesBasicAuth: true,
  username: 'cometchat',
  password: 'secret-of-webhooks',
  storedNumbersOnly: false,
};

describe('the REST client', () => {
  it.each(['push', 'sms'] as const)('adds, reads and updates the custom provider for %s', async (channel) => {
    expect(await rest.customProvider(channel)).toBeUndefined();
    await expect(rest.updateCustomProvider(channel, OURS)).rejects.toMatchObject({
      name: 'CometChatRefused',
      code: 'ERR_PROVIDER_NOT_FOUND',
    });
    await rest.addCustomProvider(channel, OURS);
    expect(await rest.customProvider(channel)).toEqual(OURS);
    await expect(rest.addCustomProvider(channel, OURS)).rejects.toMatchObject({
      code: 'ERR_PROVIDER_ALREADY_EXISTS',
    });
    await rest.updateCustomProvider(channel, { ...OURS, isEnabled: false });
    expect(await rest.customProvider(channel)).toEqual({ ...OURS, isEnabled: false });
    expect(chat.custom[channel]).toEqual({
      ...{ isEnabled: false, webhookURL: OURS.webhookUrl, useBasicAuth: true },
      ...{ basicAuthUsername: 'cometchat', basicAuthPassword: 'secret-of-webhooks' },
      ...(channel === 'sms' ? { useStoredPhNo: false } : {}),
    });
  });

  it('is refused with a URL that CometChat does not call', async () => {
    const plain = { ...OURS, webhookUrl: 'http://push.example.com/' };
    await expect(rest.addCustomProvider('push', plain)).rejects.toMatchObject({
      name: 'CometChatRefused',
      ...{ status: 400, code: 'ERR_BAD_REQUEST' },
    });
  });

  it('does not take a masked password for the real one', async () => {
    await rest.addCustomProvider('push', { ...OURS, password: '********' });
    expect((await rest.customProvider('push'))?.password).toBeNull();
  });

  it('lists the enabled providers of CometChat itself', async () => {
    expect(await rest.builtInProviders()).toEqual([]);
    chat.builtIn.fcm = [{ providerId: 'fcm-1' }, { providerId: 'fcm-2', isEnabled: false }];
    chat.builtIn.apns = [{ providerId: 'apns-1', isEnabled: true }];
    chat.builtIn.twilio = { twilioAccountSID: 'AC1', twilioSenderPhoneNumber: '+15005550006' };
    expect(await rest.builtInProviders()).toEqual([
      { channel: 'push', type: 'fcm', id: 'fcm-1' },
      { channel: 'push', type: 'apns', id: 'apns-1' },
      { channel: 'sms', type: 'twilio', id: null },
    ]);
  });

  it('sends a message, and reads the log of it', async () => {
    chat.isLogging = true;
    // Nothing listens there.
    await rest.addCustomProvider('push', { ...OURS, webhookUrl: 'http://127.0.0.1:9/webhooks' });
    const id = await rest.sendMessage({ sender: 'ann', receiver: 'bert', text: 'Hello' });
    expect(chat.messages).toEqual([{ id: Number(id), sender: 'ann', receiver: 'bert', text: 'Hello' }]);
    const page = await until(async () => {
      const found = await rest.logs({ messageId: id });
      return found.rows.length > 0 && found;
    });
    expect(page).toEqual({
      rows: [
        {
          ...{ id: 'log-1', at: expect.any(Date), channel: 'push', provider: 'custom' },
          ...{ event: 'after_message', messageId: id, messageSentAt: expect.any(Date), uid: 'bert' },
          ...{ isTriggered: true, isSuccess: false, reason: null },
        },
      ],
      hasMore: false,
    });
    expect((await rest.logs({ receiver: 'carl', receiverType: 'user' })).rows).toEqual([]);
  });

  it.each<[string, string, number, string]>([
    ['is empty', '', 401, 'AUTH_ERR_EMPTY_APIKEY'],
    ['is unknown', 'wrong-key', 401, 'AUTH_ERR_APIKEY_NOT_FOUND'],
    ['has another scope', 'auth-only-key', 403, 'AUTH_ERR_NO_ACCESS'],
  ])('reports a key that %s', async (_, key, status, code) => {
    const refused = { name: 'CometChatKeyRefused', status, code };
    const client = restWith(key);
    await expect(client.logs()).rejects.toMatchObject(refused);
    await expect(client.customProvider('sms')).rejects.toMatchObject(refused);
    await expect(client.builtInProviders()).rejects.toMatchObject(refused);
    const message = { sender: 'ann', receiver: 'bert', text: 'Hello' };
    await expect(client.sendMessage(message)).rejects.toMatchObject(refused);
  });

  it.each<[string, VendorAnswer, string]>([
    ['fails', { status: 503, headers: { 'retry-after': '7' } }, 'http_503'],
    ['is over quota', { status: 429, body: '{"error":{"code":"ERR_TOO_MANY_REQUESTS"}}' }, 'http_429'],
    ['drops the connection', 'reset', 'ECONNRESET'],
    ['hangs', 'hang', 'timeout'],
    ['answers with a page', { status: 200, body: '<html>' }, 'http_200'],
    ['answers with another document', { status: 200, body: '{"data":"?"}' }, 'http_200'],
    ['is replaced by a proxy that knows nothing', { status: 404, body: 'Not found' }, 'http_404'],
  ])('reports a CometChat that %s', async (_, answer, code) => {
    chat.trouble = answer;
    await expect(rest.logs()).rejects.toMatchObject({ name: 'CometChatUnavailable', code });
  });
});
