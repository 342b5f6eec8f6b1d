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
 * @param {readonly string[]} args of `prisma`
 * @param {{ databaseUrl?: string, quiet?: boolean }} [options] `databaseUrl`: the server for shadow databases; `quiet`:
 *   the output is only returned; errors go to standard error if the command fails
 * @returns {Promise<{ status: number, output: string }>} the exit code; with `quiet` also the standard output
 */
export function prisma(args, { databaseUrl, quiet = false } = {}) {
  const child = spawn(process.execPath, [CLI, ...args, '--config', CONFIG], {
    stdio: ['inherit', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'],
    env: {
      ...process.env,
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      PRISMA_SCHEMA_ENGINE_BINARY: SCHEMA_ENGINE,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
    },
  });
  let output = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text) => (errors += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const status = code ?? 1;
      // 2 is no failure: `migrate diff --exit-code` found a difference.
      if (status !== 0 && status !== 2) process.stderr.write(errors);
      resolve({ status, output });
    });
  });
}
