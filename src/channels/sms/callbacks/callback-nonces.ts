import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Logger } from 'pino';
import { digest } from '../../../platform/auth/digest.js';
import { Sql } from '../../../platform/database/database.module.js';
import { LOGGER } from '../../../platform/logging/logging.module.js';
import type { CallbackRequest } from '../../../providers/callback.js';

const EVERY_MS = 3_600_000;
const KEPT_MS = 7 * 86_400_000;

// The same request again is let through for as long as it has not been stored: the vendor was told to come again.
const CLAIM = `
INSERT INTO callback_nonce AS n (app_id, provider, nonce, request) VALUES ($1, $2, $3, $4)
ON CONFLICT (app_id, provider, nonce) DO UPDATE SET request = n.request
WHERE NOT n.taken AND n.request = excluded.request`;
const TAKE = `
UPDATE callback_nonce SET taken = true WHERE app_id = $1 AND provider = $2 AND nonce = $3 AND NOT taken`;

/** One request of a vendor to an account, and what was drawn for it. */
export interface NoncedRequest {
  readonly appId: string;
  readonly provider: string;
  readonly nonce: string;
  readonly request: CallbackRequest;
}

/** What vendors have drawn for their callbacks: over all processes each is taken once. */
@Injectable()
export class CallbackNonces implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Sql) private readonly sql: Sql,
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
    const { rowCount } = await this.sql.query(CLAIM, [...keyOf(nonced), request]);
    return rowCount === 1;
  }

  /** From now on no request with this nonce is let through. */
  async take(nonced: NoncedRequest): Promise<void> {
    await this.sql.query(TAKE, keyOf(nonced));
  }

  /** While the database is away nothing is deleted: the next hour does it. */
  async prune(now = Date.now()): Promise<void> {
    try {
      const before = new Date(now - KEPT_MS);
      const { rowCount } = await this.sql.query('DELETE FROM callback_nonce WHERE seen_at < $1', [before]);
      if (rowCount) this.logger.info({ nonces: rowCount }, 'sms.nonces_pruned');
    } catch (err) {
      this.logger.warn({ err }, 'sms.nonces_not_pruned');
    }
  }
}

/** A nonce is drawn for one address. */
function keyOf({ appId, provider, nonce, request }: NoncedRequest): [string, string, Buffer] {
  return [appId, provider, digest(`${request.url.split('?', 1)[0]} ${nonce}`)];
}
