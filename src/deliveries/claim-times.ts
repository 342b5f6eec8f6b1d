import type { Channel } from '../domain/notification.js';
import type { GatewayConfig } from '../platform/config/gateway-config.js';

/** Time limits of a claim, in milliseconds. */
export interface ClaimTimes {
  readonly claimMs: number;
  /** Maximum time from the claim to the start of the vendor call. */
  readonly beginWithinMs: Readonly<Record<Channel, number>>;
}

/** Lower bound for the request timeouts in this calculation. */
const SHORTEST_CALL_MS = 5_000;
/** Time to fetch credentials before a push; a fetch takes at most 9 s. */
const BEFORE_PUSH_MS = 10_000;
/** Reserve for writing the result. */
const SPARE_MS = 2_500;

/**
 * A claim outlasts the work done under it, so that it does not expire during a call: a push may first fetch
 * credentials, an SMS may first query the vendor. It is no longer than that, because the deliveries of a killed worker
 * wait until their claims expire.
 */
export function claimTimes({ apps }: Pick<GatewayConfig, 'apps'>): ClaimTimes {
  const longest = (providers: readonly { readonly requestTimeoutMs: number }[]): number =>
    Math.max(SHORTEST_CALL_MS, ...providers.map(({ requestTimeoutMs }) => requestTimeoutMs));
  const push = longest(apps.flatMap((app) => app.push.providers));
  const sms = longest(apps.flatMap((app) => app.sms.providers));
  const claimMs = Math.max(push + BEFORE_PUSH_MS, 2 * sms + 2 * SPARE_MS);
  return { claimMs, beginWithinMs: { push: claimMs - push - SPARE_MS, sms: claimMs - sms - SPARE_MS } };
}
