import 'reflect-metadata';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { NestFactory } from '@nestjs/core';
import { loadGatewayConfig } from './platform/config/load-gateway-config.js';
import { PROVIDER_TYPES } from './providers/provider-types.js';
import { readProcessSettings, type ProcessSettings } from './platform/config/process-settings.js';
import type { GatewayConfig } from './platform/config/gateway-config.js';
import { migrate } from './platform/database/migrate.js';
import { withoutUserinfo } from './platform/logging/without-userinfo.js';
import { importFile, importKindOf, type ImportKind } from './recipients/import/import-file.js';
import { ImportModule } from './recipients/import/import.module.js';
import { ImportProgress } from './recipients/import/import-progress.js';
import { Importer } from './recipients/import/importer.js';
import { reachDatabase } from './recipients/import/reach-database.js';

const USAGE = `Usage: npm run import -- <file> [--app <appId>]

  devices.ndjson   one device registration per line: the body of POST /v1/users/{uid}/devices with "uid",
                   and "appId" if several apps are configured
  contacts.csv     a header uid,phno,name, then one contact per line

Existing rows are updated, so an import can be repeated. Invalid rows are listed and skipped; then the exit code
is 1.
`;
const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url));

interface Task {
  readonly file: string;
  readonly kind: ImportKind;
  readonly appId: string | undefined;
}

try {
  process.exitCode = await main();
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`The import failed: ${withoutUserinfo(reason)}\n`);
  process.exitCode = 1;
}

/** @returns the exit code. */
async function main(): Promise<number> {
  const task = readTask();
  if (!task) {
    process.stderr.write(USAGE);
    return 1;
  }
  const { settings, faults } = readProcessSettings(process.env);
  const loaded = loadGatewayConfig({ ...settings, env: process.env, providerTypes: PROVIDER_TYPES });
  // Settings of a listening process may be missing.
  const ofDatabase = faults.filter(({ path }) => /^DATABASE_URL(_FILE)?$/.test(path));
  const relevant = [...ofDatabase, ...loaded.faults];
  if (relevant.length > 0) {
    process.stderr.write(`${relevant.map(({ path, problem }) => `${path} ${problem}`).join('\n')}\n`);
    return 1;
  }
  return run(task, settings, loaded.config);
}

async function run(task: Task, settings: ProcessSettings, config: GatewayConfig): Promise<number> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  const database = await reachDatabase(settings);
  try {
    await migrate(database.url, MIGRATIONS);
    const context = await NestFactory.createApplicationContext(ImportModule.on(database.url, config), {
      logger: false,
      abortOnError: false,
    });
    try {
      const progress = new ImportProgress(process.stderr);
      const result = await importFile(context.get(Importer), {
        ...task,
        report: progress,
        signal: stop.signal,
      });
      progress.clear();
      const taken = result.rows - result.bad;
      process.stdout.write(
        `${task.kind}: ${taken.toLocaleString('en')} taken, ${result.bad.toLocaleString('en')} bad ` +
          `(${progress.rate(result.rows)})${stop.signal.aborted ? '; stopped before the end, run it again' : ''}\n`,
      );
      return result.bad > 0 || stop.signal.aborted ? 1 : 0;
    } finally {
      await context.close();
    }
  } finally {
    await database.close();
  }
}

function readTask(): Task | undefined {
  try {
    const { values, positionals } = parseArgs({
      options: { app: { type: 'string' } },
      allowPositionals: true,
    });
    const [file, ...others] = positionals;
    const kind = file === undefined ? undefined : importKindOf(file);
    return file !== undefined && kind && others.length === 0 ? { file, kind, appId: values.app } : undefined;
  } catch {
    return undefined;
  }
}
