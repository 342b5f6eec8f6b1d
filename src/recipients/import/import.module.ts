import { Module, type DynamicModule } from '@nestjs/common';
import { GatewayConfig } from '../../platform/config/gateway-config.js';
import { DatabaseModule } from '../../platform/database/database.module.js';
import { ContactRepository } from '../contacts/contact.repository.js';
import { DeviceRepository } from '../devices/device.repository.js';
import { Importer } from './importer.js';

/** The parts of the gateway that an import needs: configuration and database, without servers or workers. */
@Module({})
export class ImportModule {
  static on(databaseUrl: string, config: GatewayConfig): DynamicModule {
    return {
      module: ImportModule,
      imports: [DatabaseModule.at(databaseUrl)],
      providers: [
        { provide: GatewayConfig, useValue: config },
        DeviceRepository,
        ContactRepository,
        Importer,
      ],
    };
  }
}
