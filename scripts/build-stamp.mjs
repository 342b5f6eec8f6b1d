import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** @typedef {{ stamp: string, result: string, folder: string, source: RegExp, beside: readonly string[] }} Part */

const ROOT = path.resolve(import.meta.dirname, '..');
/** Generated from the schema, which is in a list below. */
const GENERATED = path.join('src/platform/database/generated/');
const SPEC = /\.spec\.tsx?$/;

/** @type {Part} */
const GATEWAY = {
  stamp: 'dist/.build-stamp',
  result: 'dist/main.js',
  folder: 'src',
  source: /\.ts$/,
  beside: [
    'prisma/schema.prisma',
    'package-lock.json',
    'nest-cli.json',
    '.swcrc',
    'tsconfig.json',
    'tsconfig.build.json',
  ],
};

/** @type {Part} */
const CONSOLE = {
  stamp: 'dist/console/.build-stamp',
  result: 'dist/console/index.html',
  folder: 'console',
  source: /\.(?:tsx?|css|html|svg|json)$/,
  beside: ['package-lock.json', 'tsconfig.json', 'scripts/build-console.mjs'],
};

/**
 * Hash of everything that a part of dist/ is built from. It covers contents, not times: a checkout, a copy or an unpacked
 * archive sets arbitrary times, and a failed build leaves new files behind.
 *
 * @param {Part} part
 */
function fingerprintOf({ folder, source, beside }) {
  const sources = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => source.test(file) && !SPEC.test(file))
    .map((file) => path.join(folder, file))
    .filter((file) => !file.startsWith(GENERATED))
    .sort();
  const hash = createHash('sha256');
  for (const file of [...beside, ...sources])
    hash.update(`${file}\0`).update(readFileSync(path.join(ROOT, file)));
  return hash.digest('hex');
}

/** Changes with every source of the gateway and of the console. */
export const sourceFingerprint = () => [GATEWAY, CONSOLE].map(fingerprintOf).join(' ');

/** @param {Part} part */
function stamp(part) {
  writeFileSync(path.join(ROOT, part.stamp), fingerprintOf(part));
}

/** @param {Part} part @returns {boolean} whether it is completely built from the current source */
function isCurrent(part) {
  const [stampFile, result] = [path.join(ROOT, part.stamp), path.join(ROOT, part.result)];
  return (
    existsSync(result) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprintOf(part)
  );
}

/** Records that dist/ holds a complete build of the current gateway. */
export const stampGateway = () => stamp(GATEWAY);
/** Records that dist/console/ is a complete build of the current console. */
export const stampConsole = () => stamp(CONSOLE);
export const isGatewayCurrent = () => isCurrent(GATEWAY);
export const isConsoleCurrent = () => isCurrent(CONSOLE);
