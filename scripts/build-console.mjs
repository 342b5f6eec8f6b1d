import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { runToEnd } from './run-to-end.mjs';

/** @import { End } from './run-to-end.mjs' */

const ROOT = path.resolve(import.meta.dirname, '..');
const VITE = path.join(
  path.dirname(createRequire(import.meta.url).resolve('vite/package.json')),
  'bin/vite.js',
);
const ASSETS = path.join(ROOT, 'dist/console/assets');
const COMPRESSED = /\.(?:js|css|svg)$/;

/**
 * Builds the console into dist/console, each of its files also in Brotli and gzip, and always for production: NODE_ENV
 * says how the gateway runs, and any other value would put React's development version into the pages.
 *
 * @returns {Promise<End>}
 */
export async function buildConsole() {
  const args = [VITE, 'build', '--config', 'console/vite.config.ts', '--logLevel', 'warn'];
  const end = await runToEnd(args, { ...process.env, NODE_ENV: 'production' });
  if (end.code === 0 && end.signal === null) await compressAssets();
  return end;
}

async function compressAssets() {
  const names = (await readdir(ASSETS)).filter((name) => COMPRESSED.test(name));
  await Promise.all(names.map((name) => compress(path.join(ASSETS, name))));
}

/** @param {string} file */
async function compress(file) {
  const bytes = await readFile(file);
  const [br, gz] = await Promise.all([
    promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    promisify(gzip)(bytes, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
}
