import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiParam, ApiSecurity, ApiTags } from '@nestjs/swagger';
import type { Logger } from '../platform/logging/logger.js';
import { CHANNELS, type Channel } from '../domain/notification.js';
import { Audited } from '../platform/audit/audited.decorator.js';
import { AllowAccess, CalledBy, type Caller } from '../platform/auth/access.js';
import { appOfQuery } from '../platform/auth/app-of-query.js';
import { AtOnce } from '../platform/auth/caller-limits.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import { GatewayError } from '../platform/errors/gateway-error.js';
import { ApiErrors } from '../platform/http/api-errors.js';
import { AppQueryDto } from '../platform/http/app-query.dto.js';
import { Validated } from '../platform/http/validated.js';
import { LOGGER } from '../platform/logging/logging.module.js';
import { QueueUnavailable } from '../queue/job-queue.js';
import { AccountFacts } from './account-facts.js';
import { CheckRequests } from './check-requests.js';
import { ProviderStateRepository } from './provider-state.repository.js';
import { accountsOf, toProviderDto } from './provider-view.js';
import { CheckedProviderDto, ProviderListDto, ReleasedProviderDto } from './provider.dto.js';

const WORST_FIRST = ['failed', 'unknown', 'ok'];

/** Provider accounts: an operator sees and handles all, a backend those of its own app. */
@ApiTags('providers')
@ApiSecurity('apikey')
@ApiBasicAuth('operator')
@Controller('v1/providers')
export class ProvidersController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly states: ProviderStateRepository,
    private readonly facts: AccountFacts,
    private readonly requests: CheckRequests,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Get()
  @AllowAccess('backend-or-operator')
  @AtOnce(8)
  @ApiErrors('REQUEST.INVALID_QUERY', 'APP.UNKNOWN')
  @ApiOperation({
    summary: 'Provider accounts: circuit breaker, last check, attempts, devices and callbacks',
    description:
      'Devices are counted at most once a minute; from about 2,000 pages of their table on, in a sample of it.',
  })
  @ApiOkResponse({ type: ProviderListDto })
  async list(
    @Query(new Validated(AppQueryDto, 'REQUEST.INVALID_QUERY')) { appId }: AppQueryDto,
    @CalledBy() caller: Caller,
  ): Promise<ProviderListDto> {
    const app = appOfQuery(this.config, caller, appId);
    const apps = app ? [app] : this.config.apps;
    const facts = await this.facts.read(app?.appId);
    return { data: apps.flatMap(accountsOf).map((account) => toProviderDto(account, facts)) };
  }

  @Post(':appId/:channel/:id/check')
  @HttpCode(200)
  @AllowAccess('backend-or-operator')
  @Audited('provider.check')
  @ApiErrors('PROVIDER.NOT_FOUND', 'SERVICE.UNAVAILABLE')
  @ApiOperation({
    summary: 'Check an account with its vendor now, without sending anything',
    description:
      'A worker asks the vendor; the answer waits for it for up to 15 s. A result from within the last 10 s is not repeated.',
  })
  @ApiParam({ name: 'channel', enum: CHANNELS })
  @ApiOkResponse({ type: CheckedProviderDto })
  async check(
    @Param('appId') appId: string,
    @Param('channel') named: string,
    @Param('id') id: string,
    @CalledBy() caller: Caller,
  ): Promise<CheckedProviderDto> {
    const channel = this.channelOf(caller, appId, named, id);
    const accounts = this.config.apps
      .flatMap(accountsOf)
      .filter((account) => account.appId === appId && account.channel === channel && account.id === id);
    const isDone = await this.requests
      .run({ appId, channel, provider: id }, accounts.length)
      .catch((error: unknown) => {
        throw error instanceof QueueUnavailable ? new GatewayError('SERVICE.UNAVAILABLE') : error;
      });
    const facts = await this.facts.read(appId);
    const found = accounts.map((account) => toProviderDto(account, facts));
    const outcomes = new Set(found.map(({ check }) => check?.outcome ?? 'unknown'));
    const outcome = isDone ? (WORST_FIRST.find((worst) => outcomes.has(worst)) ?? null) : null;
    return { appId, channel, id, outcome, isPending: !isDone, accounts: found };
  }

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
