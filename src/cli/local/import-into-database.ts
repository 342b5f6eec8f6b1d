import { NestFactory } from '@nestjs/core';
import type { GatewayConfig } from '../../platform/config/gateway-config.js';
import type { ProcessSettings } from '../../platform/config/process-settings.js';
import { migrate, MIGRATIONS } from '../../platform/database/migrate.js';
import { importFile, type ImportOptions } from '../../recipients/import/import-file.js';
import { ImportModule } from '../../recipients/import/import.module.js';
import { ImportProgress } from '../../recipients/import/import-progress.js';
import { Importer } from '../../recipients/import/importer.js';
import { reachDatabase } from '../../recipients/import/reach-database.js';
import type { ImportResult } from '../../recipients/import/run-import.js';
import type { Output } from '../output.js';

export interface ImportTask extends Omit<ImportOptions, 'report'> {
  readonly output: Output;
}

export interface ImportEnd extends ImportResult {
  /** Such as `12,000 rows, 3,400/s`. */
  readonly rate: string;
}

/** Imports a file into the gateway's database, which is migrated first. An embedded one is started if need be. */
export async function importIntoDatabase(
  { output, ...options }: ImportTask,
  settings: ProcessSettings,
  config: GatewayConfig,
): Promise<ImportEnd> {
  const database = await reachDatabase(settings);
  try {
    await migrate(database.url, MIGRATIONS);
    const context = await NestFactory.createApplicationContext(ImportModule.on(database.url, config), {
      logger: false,
      abortOnError: false,
    });
    try {
      const report = new ImportProgress(output.talk);
      const result = await importFile(context.get(Importer), { ...options, report });
      report.clear();
      return { ...result, rate: report.rate(result.rows) };
    } finally {
      await context.close();
    }
  } finally {
    await database.close();
  }
}
