import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startPostgres } from '../support/postgres.js';
import { runProcess } from '../support/process.js';
import { notificationOf, postPush, registerAndroid, settledNotification } from '../support/process-api.js';
import { useProcesses } from '../support/processes.js';
import { until } from '../support/until.js';

const processes = useProcesses();

describe('a gateway process', () => {
  it('rejects the data directory of another running process', async () => {
    await processes.start();
    const { code, output } = await runProcess(processes.env());
    expect(code).toBe(1);
    expect(output).toMatch(/data directory .* is in use by another gateway \(process \d+\)/);
  });

  it('reports all faults of its settings and configuration at once', async () => {
    const file = path.join(processes.env()['DATA_DIR'] ?? '', 'bellhop.yaml');
    await writeFile(
      file,
      `apps:
  - appId: "a b"
    region: moon
    webhook: {}
    colour: red
    clients: { apiKeys: ["\${UNSET_KEY}", change-me-backend-key], jwt: { secretFile: nowhere } }
    sms:
      providers: [{ id: gw, type: http, method: GET, url: "https://user:hunter2@gw.example.com/", body: x }]
      routes: [{ use: [nobody] }]
`,
    );
    const { code, output } = await runProcess({
      BELLHOP_CONFIG: file,
      PORT: 'http',
      NODE_ENV: 'production',
      REDIS_URL_FILE: path.join(processes.env()['DATA_DIR'] ?? '', 'nowhere'),
      ADMIN_PASSWORD: 'change-me-admin',
    });
    expect(code).toBe(1);
    for (const name of ['PORT', 'REDIS_URL_FILE', 'DATABASE_URL', 'ADMIN_USERNAME', 'ADMIN_PASSWORD'])
      expect(output).toContain(`  ${name} `);
    for (const where of [
      ...['appId', 'region', 'webhook.basicAuth', 'colour', 'clients.apiKeys[0]', 'clients.apiKeys[1]'],
      ...['clients.jwt.secretFile', 'sms.providers[0]', 'sms.routes[0].use[0]'],
    ])
      expect(output).toContain(`  apps[0].${where} `);
    expect(output).not.toContain('hunter2');
  });

  it('listens on loopback only while it uses the demo credentials', async () => {
    const { code, output } = await runProcess({ ...processes.env(), HOST: '0.0.0.0' });
    expect(code).toBe(1);
    for (const name of ['ADMIN_PASSWORD', 'BELLHOP_CONFIG']) expect(output).toContain(`  ${name} must `);
  });

  it('prints no configured password', async () => {
    const ADMIN_PASSWORD = 'a-password-of-their-own';
    const running = await processes.start({ ADMIN_PASSWORD });
    await until(() => running.output().includes('Try it:'), running.output);
    expect(running.output()).not.toContain(ADMIN_PASSWORD);
    expect(running.output()).toContain('webhook-demo');
  });

  it('splits into a role that accepts webhooks and a role that delivers', async () => {
    const postgres = await startPostgres();
    try {
      const api = await processes.start({ ROLE: 'api', DATABASE_URL: postgres.url });
      await registerAndroid(api.url, 'ann', { fcmToken: 'token-of-ann' });
      const id = await postPush(api.url, 'split');
      expect((await notificationOf(api.url, id)).status).toBe('queued');
      const worker = await processes.start({ ROLE: 'worker', DATABASE_URL: postgres.url });
      expect(await settledNotification(api.url, id)).toMatchObject({ status: 'sent' });
      expect((await fetch(`${worker.url}/webhooks/cometchat/push`, { method: 'POST' })).status).toBe(404);
      expect((await fetch(`${worker.url}/health/ready`)).status).toBe(200);
    } finally {
      await processes.stop();
      await postgres.close();
    }
  });
});
