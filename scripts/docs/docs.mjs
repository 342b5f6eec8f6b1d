// `npm run docs` writes the reference pages and the example configuration from the declarations in the code; with
// --check it lists those that are stale. It needs no build, database or network.
import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import '../typescript/register.mjs';

const { configurationPage } = await import('./configuration-page.mjs');
const { exampleConfig } = await import('./example-config.mjs');
const { httpApiPage } = await import('./http-api-page.mjs');
const { logsPage } = await import('./logs-page.mjs');
const { metricsPage } = await import('./metrics-page.mjs');
const { reasonsPage } = await import('./reasons-page.mjs');
const { consoleSchema } = await import('./console-schema.mjs');

/** @type {Readonly<Record<string, () => string | Promise<string>>>} */
const PAGES = {
  'docs/configuration.md': configurationPage,
  'bellhop.example.yaml': exampleConfig,
  'docs/metrics.md': metricsPage,
  'docs/logs.md': logsPage,
  'docs/reasons.md': reasonsPage,
  'docs/http-api.md': httpApiPage,
  'console/src/api/schema.ts': consoleSchema,
};

const isCheck = process.argv.includes('--check');
const stale = [];
for (const [file, render] of Object.entries(PAGES)) {
  const text = await format(await render(), { ...(await resolveConfig(file)), filepath: file });
  const present = await readFile(file, 'utf8').catch(() => '');
  if (text === present) continue;
  stale.push(file);
  if (!isCheck) await writeFile(file, text);
}
if (stale.length > 0) console.log(`${isCheck ? 'Stale, run npm run docs:' : 'Written:'} ${stale.join(', ')}`);
// Imported modules may hold timers.
process.exit(isCheck && stale.length > 0 ? 1 : 0);
