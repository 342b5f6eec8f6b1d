import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The gateway's role: owns the database, not a superuser. */
export const ROLE = 'bellhop';

export interface Passwords {
  readonly superuser: string;
  readonly gateway: string;
}

/** Password authentication for every connection type. */
const HBA = `# Written by Bellhop.
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
`;

const fileIn = (directory: string): string => path.join(directory, 'bellhop-access.json');

/** The passwords of a data directory; undefined if it is new or of an earlier version. */
export function passwordsOf(directory: string): Passwords | undefined {
  const file = fileIn(directory);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Passwords) : undefined;
}

export function newPasswords(): Passwords {
  const random = (): string => randomBytes(24).toString('base64url');
  return { superuser: random(), gateway: random() };
}

/** Enables password authentication; the roles must have passwords. */
export function demandPasswords(directory: string, passwords: Passwords): void {
  writeFileSync(path.join(directory, 'pg_hba.conf'), HBA, { mode: 0o600 });
  const file = fileIn(directory);
  writeFileSync(`${file}.new`, JSON.stringify(passwords), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/**
 * Statements that transfer objects of earlier versions from the superuser to the gateway's role, one per line, as
 * PostgreSQL's single-user mode requires.
 */
export function roleStatements({ superuser, gateway }: Passwords): string {
  const outsideSystem = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`;
  const noPart = (catalog: string, kinds: string): string =>
    `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = o.oid AND d.deptype IN (${kinds}))`;
  return [
    `SET password_encryption = 'scram-sha-256'`,
    `ALTER ROLE postgres PASSWORD '${superuser}'`,
    `DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${ROLE}') THEN CREATE ROLE ${ROLE}; END IF; END $$`,
    `ALTER ROLE ${ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD '${gateway}'`,
    `ALTER DATABASE postgres OWNER TO ${ROLE}`,
    ownEach(`SELECT format('SCHEMA %I', n.nspname) AS what FROM pg_namespace n WHERE ${outsideSystem}`),
    ownEach(
      `SELECT format('TABLE %I.%I', n.nspname, o.relname) AS what FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace ` +
        `WHERE o.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND ${outsideSystem} AND ${noPart('pg_class', `'a', 'i', 'e'`)}`,
    ),
    ownEach(
      `SELECT format('ROUTINE %s', o.oid::regprocedure) AS what FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace ` +
        `WHERE ${outsideSystem} AND ${noPart('pg_proc', `'e', 'i'`)}`,
    ),
    ownEach(
      `SELECT format('TYPE %I.%I', n.nspname, o.typname) AS what FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace ` +
        `WHERE o.typtype IN ('e', 'd') AND ${outsideSystem} AND ${noPart('pg_type', `'e', 'i'`)}`,
    ),
  ]
    .map((statement) => `${statement}\n`)
    .join('');
}

function ownEach(query: string): string {
  return `DO $$ DECLARE it record; BEGIN FOR it IN ${query} LOOP EXECUTE 'ALTER ' || it.what || ' OWNER TO ${ROLE}'; END LOOP; END $$`;
}
