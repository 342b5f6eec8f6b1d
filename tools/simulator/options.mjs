import { parseArgs } from 'node:util';

/**
 * @typedef {object} Options
 * @property {boolean} help
 * @property {string} url of the gateway
 * @property {string} appId
 * @property {string} webhookAuth `username:password` of the webhooks
 * @property {string} apiKey of the app's backend: registers devices and reads the ledger
 * @property {boolean} register whether to first register a device and a number for each recipient
 * @property {number} group members of the conversation; 0: the documented payloads
 * @property {number} messages in the conversation
 * @property {number} rate webhooks per second; 0: as fast as the gateway answers
 * @property {number} concurrency concurrent requests
 * @property {number} timeoutMs maximum wait for the deliveries after the last webhook
 */

export const USAGE = `Simulates CometChat against a running gateway.

  npm run simulate                                 every documented payload, sent now
  npm run simulate -- --group 100 --messages 20    a conversation: one webhook per member and message

  --url URL            address of the gateway (SIMULATE_URL; http://127.0.0.1:3000)
  --app-id ID          the app (SIMULATE_APP_ID; app123)
  --webhook-auth U:P   credentials of the webhooks (SIMULATE_WEBHOOK_AUTH; those of the demo)
  --api-key KEY        key of the app's backend (SIMULATE_API_KEY; that of the demo)
  --no-register        do not register a device and a number for each recipient
  --group N            members of the group
  --messages N         messages in the conversation (10)
  --rate N             webhooks per second (as fast as the gateway answers)
  --concurrency N      concurrent requests (64; with --group the number of members, at most 1000)
  --timeout SECONDS    maximum wait for the deliveries after the last webhook (60)

The exit code is 0 if every webhook was accepted and every accepted one settled, otherwise 1.`;

// The credentials of the gateway's built-in demo configuration.
const DEMO = { appId: 'app123', webhookAuth: 'cometchat:webhook-demo', apiKey: 'backend-demo-key' };
const MOST_AT_ONCE = 1_000;

/**
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Options | { fault: string }}
 */
export function readOptions(args, env) {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        url: { type: 'string', default: env['SIMULATE_URL'] ?? 'http://127.0.0.1:3000' },
        'app-id': { type: 'string', default: env['SIMULATE_APP_ID'] ?? DEMO.appId },
        'webhook-auth': { type: 'string', default: env['SIMULATE_WEBHOOK_AUTH'] ?? DEMO.webhookAuth },
        'api-key': { type: 'string', default: env['SIMULATE_API_KEY'] ?? DEMO.apiKey },
        'no-register': { type: 'boolean', default: false },
        group: { type: 'string', default: '0' },
        messages: { type: 'string', default: '10' },
        rate: { type: 'string', default: '0' },
        concurrency: { type: 'string' },
        timeout: { type: 'string', default: '60' },
      },
    }));
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
  const group = Number(values.group);
  const concurrency = Number(values.concurrency ?? (group > 0 ? Math.min(group, MOST_AT_ONCE) : 64));
  const whole = { group, messages: Number(values.messages), concurrency };
  for (const [name, value] of Object.entries(whole)) {
    const least = name === 'group' ? 0 : 1;
    if (!Number.isInteger(value) || value < least)
      return { fault: `--${name} must be a whole number from ${least}` };
  }
  const rate = Number(values.rate);
  const timeout = Number(values.timeout);
  if (!(rate >= 0 && timeout >= 0)) return { fault: '--rate and --timeout must be numbers from 0' };
  if (!/^https?:$/.test(URL.canParse(values.url) ? new URL(values.url).protocol : '')) {
    return { fault: '--url must be an http:// or https:// address' };
  }
  if (!values['webhook-auth'].includes(':')) return { fault: '--webhook-auth must be username:password' };
  return {
    ...whole,
    rate,
    help: values.help,
    url: values.url.replace(/\/+$/, ''),
    appId: values['app-id'],
    webhookAuth: values['webhook-auth'],
    apiKey: values['api-key'],
    register: !values['no-register'],
    timeoutMs: timeout * 1_000,
  };
}
