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

const EVERY_MS = 3_600_000;
const KEPT_MS = 7 * 86_400_000;

/** One request of a vendor to an account, and what was drawn for it. */
export interface NoncedRequest {
  readonly appId: string;
  readonly provider: string;
  readonly nonce: string;
  readonly request: CallbackRequest;
}

/** What vendors have drawn for their callbacks: over all processes each is taken once. */
@Injectable()
export class CallbackNonceRepository implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.prune(), EVERY_MS);
    this.timer.unref();
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  /** @returns false where a request with this nonce has been taken, or was another one. */
  async claim(nonced: NoncedRequest): Promise<boolean> {
    const { method, url, body } = nonced.request;
    const request = digest(`${method} ${url} ${body.toString('base64')}`);
    return (await CLAIM.run(this.sql, { ...keyOf(nonced), request })) === 1;
  }

  /** From now on no request with this nonce is let through. */
  async take(nonced: NoncedRequest): Promise<void> {
    const where = { ...keyOf(nonced), taken: false };
    await this.prisma.callbackNonce.updateMany({ where, data: { taken: true } });
  }

  /** While the database is away nothing is deleted: the next hour does it. */
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

/** A nonce is drawn for one address. */
function keyOf({ appId, provider, nonce, request }: NoncedRequest) {
  return { appId, provider, nonce: Buffer.from(digest(`${request.url.split('?', 1)[0]} ${nonce}`)) };
}
