// `npm run generated`: verifies that the migrations result in prisma/schema.prisma.
import path from 'node:path';
import { withTemporaryPostgres } from '../temporary-postgres.mjs';
import { prisma } from './prisma-cli.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SCHEMA = 'prisma/schema.prisma';
const DIFFERENCE = [
  'migrate',
  'diff',
  '--from-migrations',
  path.join(ROOT, 'prisma/migrations'),
  '--to-schema',
  path.join(ROOT, SCHEMA),
  '--exit-code',
];
/** Exit codes of `migrate diff --exit-code`. */
const NO_DIFFERENCE = 0;
const A_DIFFERENCE = 2;

// Applies the migrations to an empty database and compares.
const { status, output } = await withTemporaryPostgres((databaseUrl) =>
  prisma(DIFFERENCE, { databaseUrl, quiet: true }),
);
if (status === NO_DIFFERENCE) {
  console.log(`The migrations result in ${SCHEMA}.`);
} else {
  const isDifferent = status === A_DIFFERENCE;
  console.error(
    isDifferent
      ? `The migrations do not result in ${SCHEMA}: run npm run db:migration -- <name>.\n${output.trim()}`
      : 'prisma migrate diff failed.',
  );
  process.exitCode = 1;
}
