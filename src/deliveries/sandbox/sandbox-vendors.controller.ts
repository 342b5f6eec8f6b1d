import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { CHANNELS } from '../../domain/notification.js';
import type { SandboxAccount } from '../../domain/sandbox-switch.js';
import { Audited } from '../../platform/audit/audited.decorator.js';
import { AllowAccess } from '../../platform/auth/access.js';
import { AtOnce } from '../../platform/auth/caller-limits.js';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { GatewayError } from '../../platform/errors/gateway-error.js';
import { ApiErrors, BODY_ERRORS } from '../../platform/http/api-errors.js';
import { Validated } from '../../platform/http/validated.js';
import { accountsOf } from '../provider-view.js';
import { SandboxSwitchRepository } from './sandbox-switch.repository.js';
import { SandboxVendorDto, SandboxVendorListDto, SwitchVendorDto } from './sandbox-vendor.dto.js';

/** Switches of sandbox providers: rehearse an outage of a vendor. */
@ApiTags('sandbox')
@ApiBasicAuth('operator')
@Controller('sandbox/vendors')
export class SandboxVendorsController {
  constructor(
    private readonly config: GatewayConfig,
    private readonly switches: SandboxSwitchRepository,
  ) {}

  @Get()
  @AllowAccess('operator-or-demo')
  @AtOnce(8)
  @ApiOperation({ summary: 'List the sandbox providers and how they answer' })
  @ApiOkResponse({ type: SandboxVendorListDto })
  async list(): Promise<SandboxVendorListDto> {
    const sandboxes = this.accounts().filter(({ isSandbox }) => isSandbox);
    const named = new Map(sandboxes.map(({ account }) => [Object.values(account).join(' '), account]));
    const data = await Promise.all([...named.values()].map((account) => this.toDto(account)));
    return { data };
  }

  @Put(':appId/:channel/:provider')
  @AllowAccess('operator-or-demo')
  @AtOnce(8)
  @Audited('sandbox.switch', { detail: ['state'] })
  @ApiErrors(...BODY_ERRORS, 'REQUEST.INVALID_BODY', 'PROVIDER.NOT_FOUND', 'SANDBOX.REAL_VENDOR')
  @ApiOperation({
    summary: 'Switch how a sandbox provider answers',
    description:
      '`down`: unavailable, and the gateway retries; `slow`: answers after 3 s; `over_quota`: to be retried after 2 s; ' +
      '`refusing`: refuses every message. Takes effect in all processes within a second and survives a restart.',
  })
  @ApiParam({ name: 'channel', enum: CHANNELS })
  @ApiOkResponse({ type: SandboxVendorDto })
  async put(
    @Param('appId') appId: string,
    @Param('channel') channel: string,
    @Param('provider') provider: string,
    @Body(new Validated(SwitchVendorDto, 'REQUEST.INVALID_BODY')) { state }: SwitchVendorDto,
  ): Promise<SandboxVendorDto> {
    const named = this.accounts().filter(
      ({ account }) =>
        account.appId === appId && account.channel === channel && account.provider === provider,
    );
    if (named.length === 0) throw new GatewayError('PROVIDER.NOT_FOUND');
    const sandbox = named.find(({ isSandbox }) => isSandbox);
    if (!sandbox) {
      const problem = 'is no provider of type sandbox';
      throw new GatewayError('SANDBOX.REAL_VENDOR', { errors: [{ path: 'provider', problem }] });
    }
    await this.switches.set(sandbox.account, state);
    return { ...sandbox.account, state };
  }

  /** All providers of all apps, in the order of the configuration. */
  private accounts(): { readonly account: SandboxAccount; readonly isSandbox: boolean }[] {
    return this.config.apps.flatMap(accountsOf).map(({ appId, channel, id, type }) => ({
      account: { appId, channel, provider: id },
      isSandbox: type === 'sandbox',
    }));
  }

  private async toDto(account: SandboxAccount): Promise<SandboxVendorDto> {
    return { ...account, state: await this.switches.stateOf(account) };
  }
}
