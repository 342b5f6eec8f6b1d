import 'reflect-metadata';
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { parseGatewayConfig } from '../../src/platform/config/load-gateway-config.js';
import { CometChatRest } from '../../src/platform/cometchat/cometchat-rest.js';
import type { AppSettings } from '../../src/platform/config/app-settings.js';
import { FcmSettings } from '../../src/providers/fcm/fcm-settings.js';
import { PROVIDER_TYPES } from '../../src/providers/provider-types.js';
import { SmppSettings } from '../../src/providers/smpp/smpp-settings.js';
import type { SmsSettings } from '../../src/platform/config/sms-settings.js';
import { fcm } from '../../src/providers/fcm/fcm.provider.js';
import type { PushMessage, PushProvider, SendContext, SmsMessage } from '../../src/providers/provider.js';
import { smpp } from '../../src/providers/smpp/smpp.provider.js';
import { temporaryDirectory } from '../support/process.js';
import { SMS_VENDORS } from '../support/sms-vendors.js';
import type { VendorCounts } from '../support/vendors-control.js';
import { until } from '../support/until.js';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let program: ReturnType<typeof run>;
let control: string;
let provider: PushProvider;
let texts: SmsSettings;
let app: AppSettings;
beforeAll(async () => {
  directory = await temporaryDirectory();
  const file = path.join(directory.path, 'bellhop.yaml');
  program = run(['--port', '0', '--write', file, '--fault', 'fcm=fault:1']);
  control = await until(() => {
    if (program.child.exitCode !== null) throw new Error(program.output());
    return /steered at\s+(http:\S+)/.exec(program.output())?.[1];
  }, program.output);
  const { config, faults } = parseGatewayConfig(
    parse(await readFile(file, 'utf8')),
    directory.path,
    {},
    PROVIDER_TYPES,
  );
  if (faults.length > 0) throw new Error(JSON.stringify(faults));
  const settings = config.apps[0]?.push.providers.find(({ type }) => type === 'fcm');
  if (!(settings instanceof FcmSettings)) throw new Error('The FCM provider is missing.');
  provider = fcm.create(settings);
  if (!config.apps[0]) throw new Error('The app is missing.');
  app = config.apps[0];
  texts = app.sms;
});
afterAll(async () => {
  await provider.close();
  program.child.kill('SIGKILL');
  await program.exited;
  await directory.remove();
});

describe('npm run vendors', () => {
  it('starts with the given fault and accepts what follows', async () => {
    expect(await send()).toMatchObject({ name: 'ProviderUnavailable', vendorCode: 'UNAVAILABLE' });
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect((await counts())['fcm']).toMatchObject({ asked: 2, taken: 1 });
    expect(await (await fetch(`${control}/received/fcm`)).json()).toMatchObject([
      { token: 'token-of-a-phone' },
    ]);
  });

  it('plays a requested fault for the requested number of messages', async () => {
    expect(
      (await order({ vendor: 'all', answer: 'over_quota_told', times: 2, retryAfter: '7' })).status,
    ).toBe(200);
    for (let i = 0; i < 2; i += 1)
      expect(await send()).toMatchObject({ name: 'ProviderOverQuota', retryAfterMs: 7_000 });
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    await order({ vendor: 'fcm', answer: 'refuse_address' });
    expect(await send()).toMatchObject({ reason: 'token_unregistered' });
    await order({ vendor: 'fcm', answer: 'accept' });
    expect(await send()).toMatchObject({ outcome: 'accepted' });
  });

  it('loses no push to a GOAWAY', async () => {
    await order({ vendor: 'fcm', answer: 'goaway' });
    expect(await send()).toMatchObject({ outcome: 'accepted' });
  });

  it('configures every SMS vendor as a provider, Twilio first', () => {
    expect(texts.providers.map(({ id, type }) => [id, type])).toEqual(
      SMS_VENDORS.map((name) => [name, name]),
    );
    expect(texts.routes).toMatchObject([{ use: SMS_VENDORS }]);
    expect(SMS_VENDORS[0]).toBe('twilio');
  });

  it('controls an SMS centre in the same way', async () => {
    const settings = texts.providers.find(({ type }) => type === 'smpp');
    if (!(settings instanceof SmppSettings)) throw new Error('The SMSC provider is missing.');
    const centre = smpp.create(settings);
    const text = (): Promise<unknown> => centre.send(TEXT, context('sms')).catch((error: unknown) => error);
    try {
      await order({ vendor: 'smpp', answer: 'fault', times: 1 });
      expect(await text()).toMatchObject({ name: 'ProviderUnavailable', vendorCode: 'ESME_RSYSERR' });
      expect(await text()).toMatchObject({ outcome: 'accepted' });
      expect((await counts())['smpp']).toEqual({ asked: 2, taken: 1, connections: 1 });
      expect(await (await fetch(`${control}/received/smpp`)).json()).toMatchObject([
        { to: '14155550100', text: 'Hello' },
      ]);
    } finally {
      await centre.close();
    }
  });

  it.each([
    [{ vendor: 'pigeon', answer: 'fault' }, /^vendor must be one of fcm/],
    [{ vendor: 'fcm', answer: 'sing' }, /^answer must be one of accept/],
    [{ vendor: 'fcm', answer: 'fault', times: -1 }, /^times must be/],
    [null, /^vendor must be/],
  ])('rejects the request %j', async (body, problem) => {
    expect(await order(body)).toEqual({
      status: 400,
      body: { problem: expect.stringMatching(problem) as unknown },
    });
  });

  it('stands in for the REST API of CometChat', async () => {
    const client = new CometChatRest(app, app.cometchat.restApiKey ?? '');
    try {
      expect(
        await orderOf('cometchat', { isLogging: true, suppress: { ann: 'MUTE_PREFERENCE' } }),
      ).toMatchObject({
        status: 200,
        body: { isLogging: true, suppress: { ann: 'MUTE_PREFERENCE' }, providers: {}, messages: 0 },
      });
      await client.addCustomProvider('push', {
        ...{ isEnabled: true, webhookUrl: 'http://127.0.0.1:9/webhooks', usesBasicAuth: false },
        ...{ username: '', password: '', storedNumbersOnly: false },
      });
      const messageId = await client.sendMessage({ sender: 'bert', receiver: 'ann', text: 'Hello' });
      const { rows } = await until(async () => {
        const page = await client.logs({ messageId });
        return page.rows.length > 0 && page;
      });
      expect(rows).toMatchObject([{ uid: 'ann', isTriggered: false, reason: 'MUTE_PREFERENCE' }]);
      expect(await (await fetch(`${control}/cometchat`)).json()).toMatchObject({ messages: 1 });
      await orderOf('cometchat', { answer: 'fault', suppress: { ann: null } });
      await expect(client.logs()).rejects.toMatchObject({ code: 'http_503' });
      await orderOf('cometchat', { answer: 'accept' });
      expect((await client.logs()).rows).toHaveLength(1);
    } finally {
      await client.close();
    }
  });

  it.each([
    [{ answer: 'sing' }, /^answer must be one of accept/],
    [{ isLogging: 1 }, /^isLogging must be/],
    [{ suppress: { ann: 'MOON_PHASE' } }, /^suppress must contain reasons/],
    ['x', /^not a JSON object/],
  ])('rejects the change of CometChat %j', async (body, problem) => {
    expect(await orderOf('cometchat', body)).toEqual({
      status: 400,
      body: { problem: expect.stringMatching(problem) as unknown },
    });
  });

  it('issues browser subscriptions', async () => {
    const answer = await fetch(`${control}/subscriptions`, { method: 'POST' });
    expect(await answer.json()).toMatchObject({ endpoint: expect.stringContaining('/wpush/') as unknown });
  });

  it.each([
    [['--fault', 'pigeon=fault'], 1, '--fault: vendor must be one of'],
    [['--port', 'http'], 2, '--port http: no port'],
    [['--colour'], 2, 'Starts local servers'],
    [['--help'], 0, 'Starts local servers'],
  ])('exits at once with %j', async (args, code, text) => {
    const { exited, output } = run(args);
    expect(await exited).toBe(code);
    expect(output()).toContain(text);
  });

  it('stops on SIGTERM', async () => {
    program.child.kill('SIGTERM');
    expect(await program.exited).toBe(0);
  });
});

const MESSAGE: PushMessage = {
  address: { transport: 'fcm', token: 'token-of-a-phone', platform: 'fcm_android' },
  payload: { data: { title: 'Andrew Joseph' } },
  headers: {},
};

const TEXT: SmsMessage = {
  ...{ address: { phno: '+14155550100' }, text: 'Hello', encoding: 'gsm7', segments: 1 },
  ...{ reference: 'd-1-1', validForSeconds: 3_600 },
};

/** The program and its output so far. */
function run(args: readonly string[]): {
  child: ChildProcess;
  output: () => string;
  exited: Promise<number | null>;
} {
  const child = spawn(process.execPath, ['tools/vendors/vendors.mjs', ...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, output: () => text, exited };
}

const context = (kind: 'chat' | 'sms'): SendContext => ({
  ...{ deliveryId: 'd-1', appId: 'app123', uid: 'u', kind },
  signal: new AbortController().signal,
});
const send = (): Promise<unknown> => provider.send(MESSAGE, context('chat')).catch((error: unknown) => error);
const order = (body: unknown) => orderOf('faults', body);
const orderOf = async (resource: string, body: unknown): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`${control}/${resource}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
};
const counts = async (): Promise<Record<string, VendorCounts>> =>
  (await (await fetch(control)).json()) as Record<string, VendorCounts>;
