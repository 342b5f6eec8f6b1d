import { Inject, Injectable } from '@nestjs/common';
import { digest } from '../../../platform/auth/digest.js';
import { Prisma, Sql } from '../../../platform/database/database.module.js';
import type { CallbackRequest } from '../../../providers/callback.js';
import { CLAIM } from './callback-nonce.sql.js';

/** A vendor's request with its nonce. */
export interface NoncedRequest {
  readonly appId: string;
  readonly provider: string;
  readonly nonce: string;
  readonly request: CallbackRequest;
}

/** Nonces of vendor callbacks: each is accepted once over all processes. */
@Injectable()
export class CallbackNonceRepository {
  constructor(
    @Inject(Sql) private readonly sql: Sql,
    @Inject(Prisma) private readonly prisma: Prisma,
  ) {}

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

  /** Deletes nonces last seen before `before`. @returns their number. */
  async deleteBefore(before: Date): Promise<number> {
    const { count } = await this.prisma.callbackNonce.deleteMany({ where: { seenAt: { lt: before } } });
    return count;
  }
}

/** A nonce is unique per URL path. */
function keyOf({ appId, provider, nonce, request }: NoncedRequest) {
  return { appId, provider, nonce: Buffer.from(digest(`${request.url.split('?', 1)[0]} ${nonce}`)) };
}
