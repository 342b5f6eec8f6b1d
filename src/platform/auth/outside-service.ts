import type { Logger } from '../logging/logger.js';
import { codeOf } from '../errors/code-of.js';
import { GatewayError } from '../errors/gateway-error.js';

const RETRY_AFTER_S = 5;

/** Availability of a service that authenticates clients; each change is logged once. */
export class OutsideService {
  private away = false;

  /** @param name the service's name in the log. */
  constructor(
    private readonly logger: Logger,
    private readonly name: 'jwks' | 'cometchat',
    private readonly appId: string,
  ) {}

  answered(): void {
    if (!this.away) return;
    this.away = false;
    this.logger.info({ appId: this.appId, service: this.name }, 'auth.service_back');
  }

  /** @returns the error for requests that need the service. */
  failed(cause: unknown, retryAfterSeconds = RETRY_AFTER_S): GatewayError {
    if (!this.away) {
      this.away = true;
      // The cause may contain a token or a URL with a password: log its kind only.
      const code = codeOf(cause) ?? codeOf(cause instanceof Error ? cause.cause : undefined);
      this.logger.warn({ appId: this.appId, service: this.name, code }, 'auth.service_away');
    }
    return new GatewayError('SERVICE.UNAVAILABLE', { cause, retryAfterSeconds });
  }
}
