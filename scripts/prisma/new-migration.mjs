// `npm run db:migration -- <name>`: writes the migration from the existing ones to prisma/schema.prisma, and generates
// the client.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withTemporaryPostgres } from '../temporary-postgres.mjs';
import { ensureClient } from './client.mjs';
import { prisma } from './prisma-cli.mjs';

const SCHEMA = path.resolve(import.meta.dirname, '../../prisma/schema.prisma');
const MIGRATIONS = path.resolve(import.meta.dirname, '../../prisma/migrations');
const LOCK_FILE = '# Says which database the migrations are for.\nprovider = "postgresql"\n';

/** @returns {Promise<number>} the exit code */
async function main() {
  const [name = ''] = process.argv.slice(2);
  if (!/^[a-z][a-z0-9_]*$/.test(name)) {
    console.error(
      'The name must consist of lower-case letters, digits and _: npm run db:migration -- <name>',
    );
    return 1;
  }
  await mkdir(MIGRATIONS, { recursive: true });
  await writeFile(path.join(MIGRATIONS, 'migration_lock.toml'), LOCK_FILE);

  const difference = [
    'migrate',
    'diff',
    '--from-migrations',
    MIGRATIONS,
    '--to-schema',
    SCHEMA,
    '--exit-code',
  ];
  const { status, output } = await withTemporaryPostgres((databaseUrl) =>
    prisma([...difference, '--script'], { databaseUrl, quiet: true }),
  );
  // Of --exit-code: 0 no difference, 2 a difference.
  if (status === 0) {
    console.log('The migrations already result in prisma/schema.prisma: nothing to write.');
    return 0;
  }
  if (status !== 2) return status;

  const directory = path.join(MIGRATIONS, `${await nextNumber()}_${name}`);
  await mkdir(directory);
  await writeFile(path.join(directory, 'migration.sql'), output);
  console.log(
    `Wrote ${path.relative(process.cwd(), directory)}/migration.sql: review it before you commit it.`,
  );
  await ensureClient();
  return 0;
}

/** Migrations are applied in order of their names, hence the leading zeros. */
async function nextNumber() {
  const numbers = (await readdir(MIGRATIONS)).map((entry) => Number(/^\d+/.exec(entry)?.[0] ?? 0));
  return String(Math.max(0, ...numbers) + 1).padStart(4, '0');
}

process.exitCode = await main();
