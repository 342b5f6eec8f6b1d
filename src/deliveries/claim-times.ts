import type { Channel } from '../domain/notification.js';
import type { GatewayConfig } from '../platform/config/gateway-config.js';

/** How long a worker has for what it claimed, in milliseconds. */
export interface ClaimTimes {
  readonly claimMs: number;
  /** The call to the vendor has to begin so soon after the claim. */
  readonly beginWithinMs: Readonly<Record<Channel, number>>;
}

/** The least for which times are reckoned, however short the configuration has them. */
const SHORTEST_CALL_MS = 5_000;
/** For a fetch of credentials, which takes 9 s at most, before a push. */
const BEFORE_PUSH_MS = 10_000;
/** Kept free at the end: the result has to be written, too. */
const SPARE_MS = 2_500;

/**
 * A claim is longer than what is done under it, so that it does not run out under a call that is under way: a push may
 * wait for credentials before its call, a text for the vendor's answer to a question. And it is no longer, because what
 * a killed worker had claimed waits for its end.
 */
export function claimTimes({ apps }: Pick<GatewayConfig, 'apps'>): ClaimTimes {
  const longest = (providers: readonly { readonly requestTimeoutMs: number }[]): number =>
    Math.max(SHORTEST_CALL_MS, ...providers.map(({ requestTimeoutMs }) => requestTimeoutMs));
  const push = longest(apps.flatMap((app) => app.push.providers));
  const sms = longest(apps.flatMap((app) => app.sms.providers));
  const claimMs = Math.max(push + BEFORE_PUSH_MS, 2 * sms + 2 * SPARE_MS);
  return { claimMs, beginWithinMs: { push: claimMs - push - SPARE_MS, sms: claimMs - sms - SPARE_MS } };
}
