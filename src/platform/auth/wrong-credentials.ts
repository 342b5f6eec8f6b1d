import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import type { Logger } from '../logging/logger.js';
import { GatewayConfig } from '../config/gateway-config.js';
import { GatewayError } from '../errors/gateway-error.js';
import { maskedNetworkOf, networkOf } from '../http/client-network.js';
import { LOGGER } from '../logging/logging.module.js';
import { Metrics } from '../metrics/metrics.js';
import { digest } from './digest.js';

const WINDOW_MS = 60_000;
/** Maximum addresses per process (11 MB). Least recently seen addresses are evicted. */
const MAX_ADDRESSES = 10_000;
const MAX_LOGGED = 1_000;
/** Repeats that count as one guess: a repeat reveals nothing, and a client with an old password should see 401. */
const REPEATS_PER_GUESS = 20;

export type CredentialKind =
  'webhook' | 'signature' | 'callback' | 'api_key' | 'jwt' | 'auth_token' | 'operator';

interface Tries {
  readonly until: number;
  /** Truncated hashes of the guesses: enough to recognize a repeat, too short to recover the guess. */
  readonly guesses: Set<number>;
  total: number;
}

/** Counts wrong credentials per address and kind in windows of a minute, separately in each process. */
@Injectable()
export class WrongCredentials {
  private readonly limit: number;
  private readonly tries = new LRUCache<string, Tries>({ ttl: WINDOW_MS, max: MAX_ADDRESSES });
  private readonly logged = new LRUCache<string, true>({ ttl: WINDOW_MS, max: MAX_LOGGED });

  constructor(
    config: GatewayConfig,
    private readonly metrics: Metrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.limit = config.http.wrongCredentialsPerMinute;
  }

  /**
   * Counts one.
   *
   * @param guess the credential; undefined for a signature, which differs with every body.
   * @returns `refusal`, or above the limit `AUTH.TOO_MANY_ATTEMPTS`.
   */
  count(
    request: FastifyRequest,
    kind: CredentialKind,
    guess: string | undefined,
    refusal: GatewayError,
  ): GatewayError {
    this.report(request, kind);
    const key = keyOf(request, kind);
    const tries = this.tries.get(key) ?? {
      until: performance.now() + WINDOW_MS,
      guesses: new Set(),
      total: 0,
    };
    if (this.isSpent(tries)) return tooMany(tries);
    if (tries.total === 0) this.tries.set(key, tries);
    tries.guesses.add(guess === undefined ? 0 : digest(guess).readUInt32LE());
    tries.total += 1;
    return refusal;
  }

  /**
   * For credentials that are not checked above the limit.
   *
   * @throws GatewayError `AUTH.TOO_MANY_ATTEMPTS`
   */
  stopGuessing(request: FastifyRequest, kind: CredentialKind): void {
    const tries = this.tries.get(keyOf(request, kind));
    if (!tries || !this.isSpent(tries)) return;
    this.report(request, kind);
    throw tooMany(tries);
  }

  private isSpent({ guesses, total }: Tries): boolean {
    return guesses.size >= this.limit || total >= this.limit * REPEATS_PER_GUESS;
  }

  private report(request: FastifyRequest, kind: CredentialKind): void {
    const route = request.routeOptions.url ?? '';
    this.metrics.wrongCredentials.inc({ route, kind });
    const address = maskedNetworkOf(request);
    if (this.logged.get(address)) return;
    this.logged.set(address, true);
    this.logger.warn({ address, kind, route }, 'auth.wrong_credentials');
  }
}

const keyOf = (request: FastifyRequest, kind: CredentialKind): string => `${kind} ${networkOf(request)}`;

function tooMany({ until }: Tries): GatewayError {
  const retryAfterSeconds = Math.max(1, Math.ceil((until - performance.now()) / 1_000));
  return new GatewayError('AUTH.TOO_MANY_ATTEMPTS', { retryAfterSeconds });
}
