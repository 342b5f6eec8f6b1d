import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const STAMP = path.join(ROOT, 'dist/.build-stamp');
const ENTRY = path.join(ROOT, 'dist/main.js');
/** Generated from the schema, which is in the list below. */
const GENERATED = path.join('src/platform/database/generated/');
const BESIDE_SRC = [
  'prisma/schema.prisma',
  'package-lock.json',
  'nest-cli.json',
  '.swcrc',
  'tsconfig.json',
  'tsconfig.build.json',
];

/**
 * Hash of everything that dist/ is built from. It covers contents, not times: a checkout, a copy or an unpacked archive
 * sets arbitrary times, and a failed build leaves new files behind.
 */
export function sourceFingerprint() {
  const sources = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => path.join('src', file))
    .filter((file) => !file.startsWith(GENERATED))
    .sort();
  const hash = createHash('sha256');
  for (const file of [...BESIDE_SRC, ...sources])
    hash.update(`${file}\0`).update(readFileSync(path.join(ROOT, file)));
  return hash.digest('hex');
}

/** Records that dist/ is a complete build of the current source. */
export function stampBuild() {
  writeFileSync(STAMP, sourceFingerprint());
}

/** @returns {boolean} whether dist/ is a complete build of the current source */
export function isBuildCurrent() {
  return existsSync(ENTRY) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sourceFingerprint();
}
