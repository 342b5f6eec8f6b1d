import { CometChatRest } from '../../src/platform/cometchat/cometchat-rest.js';
import { DEMO_CONFIG } from '../../src/platform/config/demo-config.js';
import { parseGatewayConfig } from '../../src/platform/config/load-gateway-config.js';
import { PROVIDER_TYPES } from '../../src/providers/provider-types.js';
import type { CometChatServer } from './cometchat-server.js';
import { SHORT_TIMEOUT_MS } from './until.js';

/** The gateway's client of a local CometChat's REST API. */
export function restClientOf(chat: CometChatServer, key = chat.restApiKey): CometChatRest {
  const [demo] = DEMO_CONFIG.apps;
  const cometchat = { apiEndpoint: chat.url, ca: chat.ca, requestTimeoutMs: SHORT_TIMEOUT_MS };
  const { config, faults } = parseGatewayConfig(
    { ...DEMO_CONFIG, apps: [{ ...demo, cometchat }] },
    '.',
    {},
    PROVIDER_TYPES,
  );
  const [app] = config.apps;
  if (faults.length > 0 || !app) throw new Error(JSON.stringify(faults));
  return new CometChatRest(app, key);
}
