import {
  createRemoteJWKSet,
  errors,
  type CryptoKey,
  type FlattenedJWSInput,
  type JWSHeaderParameters,
} from 'jose';
import type { Logger } from '../logging/logger.js';
import { OutsideService } from './outside-service.js';

const TIMEOUT_MS = 3_000;
const REFRESH_AFTER_MS = 600_000;
/** Minimum age of the keys in ms before an unknown key id causes a fetch: anyone can invent an id. */
const COOLDOWN_MS = 30_000;
/** Pause after a failed fetch in ms; requests meanwhile fail at once. */
const PAUSE_MS = 2_000;

/** An identity provider's published keys. While it is unavailable, the last fetched keys remain in use. */
export class RemoteKeys {
  private readonly remote: ReturnType<typeof createRemoteJWKSet>;
  private readonly provider: OutsideService;
  private fetchedAt = -Infinity;
  private failedAt = -Infinity;
  private failure: unknown;

  constructor(
    url: string,
    appId: string,
    logger: Logger,
    private readonly now: () => number = () => performance.now(),
  ) {
    // Fetching is controlled here: jose would make every request wait for an unavailable provider.
    this.remote = createRemoteJWKSet(new URL(url), {
      timeoutDuration: TIMEOUT_MS,
      cacheMaxAge: Infinity,
      cooldownDuration: Infinity,
    });
    this.provider = new OutsideService(logger, 'jwks', appId);
  }

  /**
   * @throws JWKSNoMatchingKey or a related error if the provider has no key for this token; GatewayError
   *   `SERVICE.UNAVAILABLE` if the provider cannot be reached.
   */
  async keyFor(header: JWSHeaderParameters, token: FlattenedJWSInput): Promise<CryptoKey> {
    if (!this.remote.jwks()) await this.refresh();
    else if (this.age > REFRESH_AFTER_MS) void this.refresh().catch(() => undefined);
    try {
      return await this.remote(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || this.age < COOLDOWN_MS) throw error;
      await this.refresh();
      return this.remote(header, token);
    }
  }

  private get age(): number {
    return this.now() - this.fetchedAt;
  }

  private async refresh(): Promise<void> {
    if (this.now() - this.failedAt < PAUSE_MS) throw this.provider.failed(this.failure);
    try {
      await this.remote.reload();
    } catch (error) {
      this.failedAt = this.now();
      this.failure = error;
      throw this.provider.failed(error);
    }
    this.fetchedAt = this.now();
    this.provider.answered();
  }
}
