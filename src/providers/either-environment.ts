import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { ApnsEnvironment } from '../domain/apns-environment.js';
import { ProviderMisconfigured, ProviderUnavailable, type SendResult } from '../domain/outcome.js';
import type { Checked, PushMessage, PushProvider, SendContext } from './provider.js';

/** How long the environment of a token is cached; the device's own record is updated within moments. */
const REMEMBER_MS = 3_600_000;
const MAX_REMEMBERED = 10_000;
/** A slower refusal leaves too little of the claim for a second call; the next attempt starts over. */
const SLOW_MS = 2_000;

const WORST_FIRST: readonly Checked['outcome'][] = ['failed', 'unknown', 'ok'];

export interface EnvironmentAccount {
  readonly environment: ApnsEnvironment;
  readonly provider: PushProvider;
}

/**
 * Sends to devices without a known environment: if the first environment does not know the token, the other is tried
 * once, and success is cached. An address unknown to both is dead.
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
      throw new ProviderUnavailable({
        vendorCode: result.vendorCode,
        addressOnly: true,
        answer: result.answer,
      });
    }
    try {
      const second = await sendThrough(this.other, message, context);
      if (second.outcome === 'accepted') this.known.set(key, this.other);
      return second;
    } catch (error) {
      // A misconfigured other account is no evidence about the address.
      if (error instanceof ProviderMisconfigured) return { ...result, addressIsDead: false };
      throw error;
    }
  }

  /** Checks both accounts. @returns the worse result, with the findings of both. */
  async check(signal: AbortSignal, appId?: string): Promise<Checked> {
    const [first, other] = await Promise.all([
      this.first.provider.check(signal, appId),
      this.other.provider.check(signal, appId),
    ]);
    const worse = WORST_FIRST.indexOf(other.outcome) < WORST_FIRST.indexOf(first.outcome) ? other : first;
    const text = `${this.first.environment}: ${first.text} ${this.other.environment}: ${other.text}`;
    return { ...worse, text };
  }

  /** The registry closes the accounts. */
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
