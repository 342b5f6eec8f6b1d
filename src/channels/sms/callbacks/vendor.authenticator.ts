import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../../../platform/auth/access.js';
import type { RequestAuthenticator } from '../../../platform/auth/request-authenticator.js';
import { GatewayConfig } from '../../../platform/config/gateway-config.js';
import { GatewayError } from '../../../platform/errors/gateway-error.js';
import { ProviderRegistry } from '../../../providers/provider-registry.js';

/**
 * Checks only that the callback URL exists: a vendor's signature covers the body, so the route verifies it before parsing
 * the body. The URL of a provider without callbacks does not exist.
 */
@Injectable()
export class VendorAuthenticator implements RequestAuthenticator {
  readonly takesRawBody = true;

  constructor(
    private readonly config: GatewayConfig,
    private readonly registry: ProviderRegistry,
  ) {}

  authenticate({ params }: FastifyRequest): Caller {
    const { appId, providerId } = params as Readonly<Record<string, string>>;
    const app = this.config.apps.find((candidate) => candidate.appId === appId);
    const provider = app?.sms.providers.find(({ id }) => id === providerId);
    if (!app || !provider || !this.registry.smsProvider(app.appId, provider.id)?.callbacks)
      throw new GatewayError('CALLBACK.UNKNOWN');
    return { kind: 'vendor', app, provider };
  }
}
