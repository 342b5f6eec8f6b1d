import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { withBuildLock } from '../build-lock.mjs';
import { prisma } from './prisma-cli.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SCHEMA = path.join(ROOT, 'prisma/schema.prisma');
/** `output` of the schema's generator. */
const CLIENT = path.join(ROOT, 'src/platform/database/generated');
const STAMP = path.join(CLIENT, '.stamp');
const GENERATOR = createRequire(import.meta.url).resolve('prisma/package.json');

/**
 * Generates the Prisma client unless it matches the schema. Every entry point that reads the TypeScript of src/ calls
 * this first: the build, the checks and the tests. Concurrent processes generate it once.
 */
export async function ensureClient() {
  if (!isCurrent()) await withBuildLock(async () => isCurrent() || generate());
}

/** @returns {boolean} whether a complete client of this schema exists, by this version of the generator */
function isCurrent() {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === fingerprint();
}

function fingerprint() {
  return createHash('sha256').update(readFileSync(SCHEMA)).update(readFileSync(GENERATOR)).digest('hex');
}

/** The stamp is written last, so that an incomplete client is generated again. */
async function generate() {
  rmSync(CLIENT, { recursive: true, force: true });
  const { status, output } = await prisma(['generate'], { quiet: true });
  if (status !== 0) throw new Error(`prisma generate failed.\n${output}`);
  writeFileSync(STAMP, fingerprint());
}
