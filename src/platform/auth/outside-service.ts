import type { Logger } from '../logging/logger.js';
import { codeOf } from '../errors/code-of.js';
import { GatewayError } from '../errors/gateway-error.js';

const RETRY_AFTER_S = 5;

/** Whether a service that tells who clients are can be asked; each change is logged once. */
export class OutsideService {
  private away = false;

  /** @param name of the service in the log. */
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

  /** @returns what to answer to those who cannot do without it. */
  failed(cause: unknown, retryAfterSeconds = RETRY_AFTER_S): GatewayError {
    if (!this.away) {
      this.away = true;
      // The cause may repeat a token or an address with a password: its kind is enough.
      const code = codeOf(cause) ?? codeOf(cause instanceof Error ? cause.cause : undefined);
      this.logger.warn({ appId: this.appId, service: this.name, code }, 'auth.service_away');
    }
    return new GatewayError('SERVICE.UNAVAILABLE', { cause, retryAfterSeconds });
  }
}
