import { DEMO } from './platform/config/demo-config.js';
import { DEMO_ADMIN, type ProcessSettings } from './platform/config/process-settings.js';
import type { Addresses } from './platform/processes/supervisor-messages.js';

/** Prints addresses, and the demo's credentials and first commands. */
export function welcome({ url, opsUrl }: Addresses, { admin }: ProcessSettings, demo: boolean): void {
  const { appId, webhook, apiKey, jwtSecret } = DEMO;
  const credentials = demo
    ? `  webhooks   Basic ${webhook.username}:${webhook.password}   (appId ${appId})
  backend    apikey: ${apiKey}
  clients    JWT, HS256, secret ${jwtSecret}
`
    : '';
  const trial = demo
    ? `
Open ${url}/ in a browser.

Try it:
  curl -X POST ${url}/v1/users/ann/devices -H 'apikey: ${apiKey}' -H 'content-type: application/json' \\
    -d '{"platform":"fcm_android","fcmToken":"my-first-token"}'
  curl -u ${webhook.username}:${webhook.password} ${url}/webhooks/cometchat/push -H 'content-type: application/json' \\
    -d '{"trigger":"push-notification-payload-generated","appId":"${appId}","region":"us","webhook":"custom","data":{"to":{"uid":"ann"},"notificationDetails":{"type":"chat","title":"Bob","body":"Hello!","tag":"1"}}}'
  curl ${url}/sandbox/messages
`
    : '';
  // A configured password is not printed.
  const operator =
    admin.password === DEMO_ADMIN.password
      ? `Basic ${admin.username}:${admin.password}`
      : 'as ADMIN_USERNAME and ADMIN_PASSWORD say';
  process.stdout.write(`
Bellhop listens on ${url}
  operator   ${operator}   ${url}/admin/
${credentials}  API page   ${opsUrl}/docs
${trial}
`);
}
