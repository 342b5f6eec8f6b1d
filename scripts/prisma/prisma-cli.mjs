import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const CLI = createRequire(import.meta.url).resolve('prisma/build/index.js');
const CONFIG = fileURLToPath(new URL('./prisma.config.mjs', import.meta.url));
const SCHEMA_ENGINE = fileURLToPath(new URL('./schema-engine.mjs', import.meta.url));

/**
 * Runs the Prisma CLI with the schema engine from the package registry (WebAssembly) in place of the binary that it
 * would download. Development only: the gateway itself applies migrations with `pg` alone.
 *
 * @param {readonly string[]} args the command line, as `prisma` takes it
 * @param {{ databaseUrl?: string, capture?: boolean }} [options] `databaseUrl`: the database that prisma.config.ts
 *   names, also used for shadow databases; `capture`: keep the output for the caller
 * @returns {Promise<{ status: number, output: string }>} the exit code, and the captured standard output
 */
export function prisma(args, { databaseUrl, capture = false } = {}) {
  const child = spawn(process.execPath, [CLI, ...args, '--config', CONFIG], {
    stdio: ['inherit', capture ? 'pipe' : 'inherit', 'inherit'],
    env: {
      ...process.env,
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      PRISMA_SCHEMA_ENGINE_BINARY: SCHEMA_ENGINE,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status: status ?? 1, output }));
  });
}
