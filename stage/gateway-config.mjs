import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { APP_ID, WEBHOOK } from './app.mjs';

/** The certificate authority of the vendor's stand-in. */
export const CA_FILE = path.resolve(import.meta.dirname, '../test/fixtures/tls/ca.pem');
const PROJECT_ID = 'bench';

/**
 * Writes the configuration file of a gateway with one app, whose pushes go to one FCM.
 *
 * @param {string} directory
 * @param {{ vendorUrl: string, concurrency: number }} options
 * @returns {Promise<string>} its path
 */
export async function writeGatewayConfig(directory, { vendorUrl, concurrency }) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const serviceAccount = {
    type: 'service_account',
    project_id: PROJECT_ID,
    private_key_id: 'bench',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: `bench@${PROJECT_ID}.iam.gserviceaccount.com`,
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  const fcm = {
    id: 'default',
    type: 'fcm',
    serviceAccount: JSON.stringify(serviceAccount),
    endpoint: vendorUrl,
    tokenEndpoint: `${vendorUrl}/token`,
    caFile: CA_FILE,
  };
  const app = {
    appId: APP_ID,
    region: 'us',
    webhook: { basicAuth: [WEBHOOK] },
    clients: { apiKeys: ['backend-bench-key'] },
    push: { providers: [fcm] },
  };
  const file = path.join(directory, 'bellhop.yaml');
  // JSON is YAML, too.
  await writeFile(file, JSON.stringify({ apps: [app], delivery: { concurrency } }));
  return file;
}
