import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ApnsEnvironment } from '../domain/apns-environment.js';
import { ProviderMisconfigured, ProviderUnavailable, type SendResult } from '../domain/outcome.js';
import type { PushMessage, PushProvider, SendContext } from './provider.js';

/** Until the device itself has its environment, which takes moments. */
const REMEMBER_MS = 3_600_000;
const MAX_REMEMBERED = 10_000;
/** After a slow refusal the claim may be too short for a second call: the next attempt begins anew. */
const SLOW_MS = 2_000;

/** An account of one environment. */
export interface EnvironmentAccount {
  readonly environment: ApnsEnvironment;
  readonly provider: PushProvider;
}

/**
 * Both environments of an account, for devices whose client named none: what the first calls unknown, the other is asked
 * about once, and the one that knows it is remembered. An address that neither knows is dead.
 */
export class EitherEnvironment implements PushProvider {
  private readonly known = new LRUCache<string, EnvironmentAccount>({
    ttl: REMEMBER_MS,
    max: MAX_REMEMBERED,
  });

  constructor(
    private readonly first: EnvironmentAccount,
    private readonly other: EnvironmentAccount,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async send(message: PushMessage, context: SendContext): Promise<SendResult> {
    const key = createHash('sha256').update(message.address.token).digest('base64');
    const known = this.known.get(key);
    const before = this.now();
    const account = known ?? this.first;
    const result = await sendThrough(account, message, context);
    if (known || result.outcome !== 'refused' || !result.environmentMayBeWrong) return result;
    if (this.now() - before > SLOW_MS) {
      throw new ProviderUnavailable({ vendorCode: result.vendorCode, addressOnly: true });
    }
    try {
      const second = await sendThrough(this.other, message, context);
      if (second.outcome === 'accepted') this.known.set(key, this.other);
      return second;
    } catch (error) {
      // What is wrong with the other account says nothing of the address.
      if (error instanceof ProviderMisconfigured) return { ...result, addressIsDead: false };
      throw error;
    }
  }

  /** Whose the accounts are closes them. */
  async close(): Promise<void> {}
}

async function sendThrough(
  { environment, provider }: EnvironmentAccount,
  message: PushMessage,
  context: SendContext,
): Promise<SendResult> {
  const result = await provider.send(message, context);
  return result.outcome === 'accepted' ? { ...result, environment } : result;
}
