import { Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import {
  ApiBasicAuth,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiProperty,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { Logger } from '../platform/logging/logger.js';
import { CHANNELS, type Channel } from '../domain/notification.js';
import { Audited } from '../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../platform/auth/access.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { ApiErrors } from '../platform/http/api-errors.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { ProviderStateRepository } from './provider-state.repository.js';

export class ReleasedProviderDto {
  @ApiProperty({ example: 'app123' })
  appId: string;
  @ApiProperty({ enum: CHANNELS })
  channel: Channel;
  @ApiProperty({ example: 'default' })
  id: string;
  @ApiProperty({ enum: ['closed'], description: 'State of its circuit breaker.' })
  state: 'closed';
  @ApiProperty({ type: String, format: 'date-time' })
  releasedAt: Date;
}

/** Actions of an operator on any provider account, and of a backend on those of its own app. */
@ApiTags('providers')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/providers')
export class ProvidersController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly states: ProviderStateRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Post(':appId/:channel/:id/release')
  @HttpCode(200)
  @AllowAccess('backend-or-operator')
  @Audited('provider.release')
  @ApiErrors('PROVIDER.NOT_FOUND')
  @ApiOperation({
    summary: 'Close the circuit breaker of an account and release the brake on retiring its devices',
    description:
      'For `devices.brake.releaseMinutes`, all devices reported dead are then retired, without a limit.',
  })
  @ApiParam({ name: 'channel', enum: CHANNELS })
  @ApiOkResponse({ type: ReleasedProviderDto })
  async release(
    @Param('appId') appId: string,
    @Param('channel') named: string,
    @Param('id') id: string,
    @CalledBy() caller: Caller,
  ): Promise<ReleasedProviderDto> {
    const channel = this.channelOf(caller, appId, named, id);
    const releasedAt = await this.states.closeByOperator({ appId, channel, provider: id });
    this.logger.warn(
      { appId, channel, provider: id, by: caller.kind },
      'provider.breaker_closed_by_operator',
    );
    return { appId, channel, id, state: 'closed', releasedAt };
  }

  /** @throws GatewayError `PROVIDER.NOT_FOUND` if the caller has no such account. */
  private channelOf(caller: Caller, appId: string, named: string, id: string): Channel {
    const channel = CHANNELS.find((known) => known === named);
    const app = this.config.apps.find((known) => known.appId === appId);
    const isTheirs = caller.kind === 'operator' || (caller.kind === 'backend' && caller.app.appId === appId);
    const providers = channel && isTheirs ? (app?.[channel].providers ?? []) : [];
    if (!channel || !providers.some((provider) => provider.id === id))
      throw new GatewayError('PROVIDER.NOT_FOUND');
    return channel;
  }
}
