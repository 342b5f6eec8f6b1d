import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBasicAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { LedgerPartitions } from '../deliveries/ledger-partitions.js';
import { AllowAccess } from '../platform/auth/access.js';
import { AtOnce } from '../platform/auth/caller-limits.js';
import { ConfigOrigins } from '../platform/config/config-origins.js';
import { DemoMode, PROCESS_SETTINGS } from '../platform/config/config.module.js';
import { effectiveSettings } from '../platform/config/effective-settings.js';
import { GatewayConfig } from '../platform/config/gateway-config.js';
import type { ProcessSettings } from '../platform/config/process-settings.js';
import { VERSION } from '../platform/config/version.js';
import { MigrationRecord } from '../platform/health/migration-record.js';
import { ConfigDto } from './config.dto.js';

/** The configuration in effect. */
@ApiTags('operations')
@ApiBasicAuth('operator')
@Controller('v1/config')
export class ConfigController {
  constructor(
    @Inject(PROCESS_SETTINGS) private readonly settings: ProcessSettings,
    private readonly config: GatewayConfig,
    private readonly origins: ConfigOrigins,
    private readonly demo: DemoMode,
    private readonly migrations: MigrationRecord,
    private readonly partitions: LedgerPartitions,
  ) {}

  @Get()
  @AllowAccess('operator')
  @AtOnce(8)
  @ApiOperation({
    summary: 'The configuration in effect, without secrets, and where each value comes from',
    description: 'Of the process that answers. `bellhop config check` prints the same before a start.',
  })
  @ApiOkResponse({ type: ConfigDto })
  async read(): Promise<ConfigDto> {
    const [migrations, partitions] = await Promise.all([this.migrations.state(), this.partitions.all()]);
    return {
      version: VERSION,
      node: process.version,
      role: this.settings.role,
      settings: effectiveSettings(this.config, this.origins, this.demo.enabled),
      migrations: { ...migrations },
      partitions: partitions.map((partition) => ({ ...partition })),
    };
  }
}
