import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from '../../../platform/logging/logger.js';
import { digest } from '../../../platform/auth/digest.js';
import { Prisma, Sql } from '../../../platform/database/database.module.js';
import { LOGGER } from '../../../platform/logging/logging.module.js';
import type { CallbackRequest } from '../../../providers/callback.js';
import { CLAIM } from './callback-nonce.sql.js';

const INTERVAL_MS = 3_600_000;
const KEPT_MS = 7 * 86_400_000;

/** A vendor's request with its nonce. */
export interface NoncedRequest {
  readonly appId: string;
  readonly provider: string;
  readonly nonce: string;
  readonly request: CallbackRequest;
}

/** Nonces of vendor callbacks: each is accepted once over all processes. */
@Injectable()
export class CallbackNonceRepository implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.prune(), INTERVAL_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** @returns false if the nonce was taken, or belongs to a different request. */
  async claim(nonced: NoncedRequest): Promise<boolean> {
    const { method, url, body } = nonced.request;
    const request = digest(`${method} ${url} ${body.toString('base64')}`);
    return (await CLAIM.run(this.sql, { ...keyOf(nonced), request })) === 1;
  }

  /** Rejects every later request with this nonce. */
  async take(nonced: NoncedRequest): Promise<void> {
    const where = { ...keyOf(nonced), taken: false };
    await this.prisma.callbackNonce.updateMany({ where, data: { taken: true } });
  }

  /** After an error, the next run deletes the nonces. */
  async prune(now = Date.now()): Promise<void> {
    try {
      const before = new Date(now - KEPT_MS);
      const { count } = await this.prisma.callbackNonce.deleteMany({ where: { seenAt: { lt: before } } });
      if (count > 0) this.logger.info({ nonces: count }, 'sms.nonces_pruned');
    } catch (err) {
      this.logger.warn({ err }, 'sms.nonces_not_pruned');
    }
  }
}

/** A nonce is unique per URL path. */
function keyOf({ appId, provider, nonce, request }: NoncedRequest) {
  return { appId, provider, nonce: Buffer.from(digest(`${request.url.split('?', 1)[0]} ${nonce}`)) };
}
