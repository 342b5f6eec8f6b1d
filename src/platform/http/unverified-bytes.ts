import { Transform, type Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError } from '../errors/gateway-error.js';
import { networkOf } from './client-network.js';

/** Share of the total per address, so that one client cannot block all others. */
const SHARE_OF_ADDRESS = 0.25;
const RETRY_AFTER_S = 2;

/**
 * Limits the memory for bodies of unauthenticated senders: a signature can be verified only on the complete body.
 */
export class UnverifiedBytes {
  private held = 0;
  private readonly heldOf = new Map<string, number>();

  constructor(private readonly limit: number) {}

  /** Counts a body from its first byte until its response. Above the limit the stream fails. */
  count(request: FastifyRequest, reply: FastifyReply, body: Readable): Readable {
    const address = networkOf(request);
    let own = 0;
    const giveBack = (): void => {
      this.add(address, -own);
      own = 0;
    };
    reply.raw.once('finish', giveBack).once('close', giveBack);
    const counted = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        own += chunk.length;
        this.add(address, chunk.length);
        if (this.isOver(address)) done(tooMuch());
        else done(null, chunk);
      },
    });
    body.once('error', (error) => counted.destroy(error));
    return body.pipe(counted);
  }

  private isOver(address: string): boolean {
    return this.held > this.limit || (this.heldOf.get(address) ?? 0) > this.limit * SHARE_OF_ADDRESS;
  }

  private add(address: string, bytes: number): void {
    this.held += bytes;
    const ofAddress = (this.heldOf.get(address) ?? 0) + bytes;
    if (ofAddress > 0) this.heldOf.set(address, ofAddress);
    else this.heldOf.delete(address);
  }
}

function tooMuch(): GatewayError {
  const cause = new Error('too many bytes of unverified bodies');
  return new GatewayError('SERVICE.UNAVAILABLE', { cause, retryAfterSeconds: RETRY_AFTER_S });
}
