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
/** Addresses that are remembered, for each process: 11 MB. Of more, those are forgotten that came longest ago. */
const MAX_ADDRESSES = 10_000;
const MAX_LOGGED = 1_000;
/** A guess that is made again teaches nobody anything: a sender with an old password is told so this many times more. */
const REPEATS_PER_GUESS = 20;

export type CredentialKind =
  'webhook' | 'signature' | 'callback' | 'api_key' | 'jwt' | 'auth_token' | 'operator';

interface Tries {
  readonly until: number;
  /** Of each guess a part of its hash: enough to know it again, too little to find it out. */
  readonly guesses: Set<number>;
  total: number;
}

/** Counts wrong credentials by address and kind, within a minute of the first; each process for itself. */
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
   * @param guess what was tried; undefined where that tells nothing, as of a signature, which differs with every body.
   * @returns what to answer: `refusal`, or past the limit `AUTH.TOO_MANY_ATTEMPTS`.
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
   * For credentials that are not even to be looked at past the limit.
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
