import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { WEBHOOK } from './app.mjs';

/** Certificate authority of the vendor stand-in. */
export const CA_FILE = path.resolve(import.meta.dirname, '../../test/fixtures/tls/ca.pem');
const PROJECT_ID = 'bench';

/**
 * An app and the URL of its vendor, a stand-in for push and SMS.
 *
 * @typedef {object} AppOfStage
 * @property {string} appId
 * @property {string} vendorUrl
 * @property {number} [requestTimeoutMs]
 */

/**
 * Writes the configuration file of a gateway.
 *
 * @param {string} directory
 * @param {{ apps: readonly AppOfStage[], delivery: Record<string, number> }} options
 * @returns {Promise<string>} its path
 */
export async function writeGatewayConfig(directory, { apps, delivery }) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const serviceAccount = JSON.stringify({
    type: 'service_account',
    project_id: PROJECT_ID,
    private_key_id: 'bench',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    client_email: `bench@${PROJECT_ID}.iam.gserviceaccount.com`,
    token_uri: 'https://oauth2.googleapis.com/token',
  });
  const file = path.join(directory, 'bellhop.yaml');
  // A check of the accounts would be a request that the vendor of the stage counts.
  const checks = { everyHours: 0 };
  const config = { apps: apps.map((app) => appOf(app, serviceAccount)), delivery, checks };
  // JSON is valid YAML.
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** @param {AppOfStage} app @param {string} serviceAccount */
function appOf({ appId, vendorUrl, requestTimeoutMs }, serviceAccount) {
  const vendor = { caFile: CA_FILE, ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }) };
  const fcm = {
    ...{ id: 'default', type: 'fcm', serviceAccount, ...vendor },
    ...{ endpoint: vendorUrl, tokenEndpoint: `${vendorUrl}/token` },
  };
  const sms = {
    ...{ id: 'sms', type: 'http', from: 'Bellhop', ...vendor },
    ...{ url: `${vendorUrl}/texts`, body: '{"to":"{{ to }}","text":"{{ text }}"}', idPath: 'name' },
  };
  return {
    appId,
    region: 'us',
    webhook: { basicAuth: [WEBHOOK] },
    clients: { apiKeys: ['backend-bench-key'] },
    push: { providers: [fcm] },
    // All numbers are neighbours, which the guard would take for fraud.
    sms: { defaultCountry: 'US', providers: [sms], guard: { pumping: { texts: 0 } } },
  };
}
