// `npm run generated`: the Prisma client and the migrations are those of prisma/schema.prisma.
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { withTemporaryPostgres } from '../temporary-postgres.mjs';
import { prisma } from './prisma-cli.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SCHEMA = 'prisma/schema.prisma';
const MIGRATIONS = path.join(ROOT, 'prisma/migrations');
const CLIENT = 'src/platform/database/generated';

/** Generates the client beside a copy of the schema and compares. @returns {Promise<string[]>} the faults */
async function checkClient() {
  const copy = await mkdtemp(path.join(os.tmpdir(), 'bellhop-generated-'));
  try {
    await cp(path.join(ROOT, SCHEMA), path.join(copy, SCHEMA));
    const { status } = await prisma(['generate', '--schema', path.join(copy, SCHEMA)], { quiet: true });
    if (status !== 0) return ['prisma generate failed.'];
    const [committed, fresh] = await Promise.all([
      readTree(path.join(ROOT, CLIENT)),
      readTree(path.join(copy, CLIENT)),
    ]);
    return [...new Set([...committed.keys(), ...fresh.keys()])]
      .filter((file) => committed.get(file) !== fresh.get(file))
      .map((file) => `${CLIENT}/${file} is not what ${SCHEMA} gives: run npm run generated:fix.`);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** @param {string} directory @returns {Promise<Map<string, string>>} the texts of its files */
async function readTree(directory) {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return new Map(files.map((file, i) => [path.relative(directory, file), texts[i] ?? '']));
}

/** Applies the migrations to an empty database and compares. @returns {Promise<string[]>} the faults */
async function checkMigrations() {
  const difference = [
    'migrate',
    'diff',
    '--from-migrations',
    MIGRATIONS,
    '--to-schema',
    path.join(ROOT, SCHEMA),
  ];
  const { status, output } = await withTemporaryPostgres((databaseUrl) =>
    prisma([...difference, '--exit-code'], { databaseUrl, quiet: true }),
  );
  // What --exit-code means: 0 no difference, 2 a difference.
  if (status === 0) return [];
  if (status !== 2) return ['prisma migrate diff failed.'];
  return [`The migrations do not lead to ${SCHEMA}: run npm run db:migration -- <name>.\n${output.trim()}`];
}

const faults = [...(await checkClient()), ...(await checkMigrations())];
for (const fault of faults) console.error(fault);
if (faults.length === 0) console.log(`The Prisma client and the migrations are those of ${SCHEMA}.`);
process.exitCode = faults.length === 0 ? 0 : 1;
