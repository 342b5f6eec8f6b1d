import { isIP } from 'node:net';
import path from 'node:path';
import ipaddr from 'ipaddr.js';
import type { Fault } from '../errors/gateway-error.js';
import { isPlaceholder, placeholderFault, placeholdersInUrl } from './placeholders.js';
import { readRedisSettings, type RedisSettings } from './redis-settings.js';
import { readVariables } from './variables.js';

export const ROLES = ['all', 'api', 'worker'] as const;
export type Role = (typeof ROLES)[number];
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const MAX_SHUTDOWN_DELAY_MS = 60_000;
/** Characters below which a password can be guessed. */
export const SAFE_PASSWORD_LENGTH = 12;

/** Where one process listens, what it connects to and which part it plays: the environment variables. */
export interface ProcessSettings {
  readonly production: boolean;
  /** `BELLHOP_CONFIG`; undefined: `./bellhop.yaml` if it is there, else the demo configuration. */
  readonly configPath: string | undefined;
  /** `REDIS_URL`; undefined: the queue runs on PostgreSQL. */
  readonly redisUrl: string | undefined;
  /** How that Redis is found, and how the queue lies on it. */
  readonly redis: RedisSettings;
  /** `DATABASE_URL`; undefined: an embedded PostgreSQL is started. */
  readonly databaseUrl: string | undefined;
  readonly host: string;
  readonly port: number;
  /** `OPS_PORT`, `OPS_HOST`: where `/health`, `/metrics` and `/docs` listen; undefined: with everything else. */
  readonly ops: { readonly host: string; readonly port: number } | undefined;
  /** `PUBLIC_URL` without a trailing slash; undefined: derived from each request. */
  readonly publicUrl: string | undefined;
  /** `TRUST_PROXY`: the proxies whose `X-Forwarded-…` headers are believed; empty: nobody's. */
  readonly trustedProxies: readonly string[];
  readonly role: Role;
  readonly dataDir: string;
  /** `SPOOL_DIR`; unset: `spool` in the data directory. */
  readonly spoolDir: string;
  /** `SPOOL_MAX_MB`; 0: there is no spool. */
  readonly spoolMaxMb: number;
  readonly admin: { readonly username: string; readonly password: string };
  readonly logLevel: LogLevel;
  /** `SHUTDOWN_DELAY_MS`: how long a stop is announced by `/health/ready` before no connection is taken any more. */
  readonly shutdownDelayMs: number;
}

/** The operator's login where none is set; never used in production. */
export const DEMO_ADMIN = { username: 'admin', password: 'admin-demo' } as const;

/**
 * Reads the environment. Takes every variable as unset when it is empty.
 *
 * @returns the settings, and every fault found in them; with a fault the settings must not be used.
 */
export function readProcessSettings(env: NodeJS.ProcessEnv): { settings: ProcessSettings; faults: Fault[] } {
  const faults: Fault[] = [];
  const production = env['NODE_ENV'] === 'production';
  const text = readVariables(env, faults);
  const required = (name: string, why: string): string | undefined => {
    const value = text(name);
    if (production && value === undefined)
      faults.push({ path: name, problem: `is required in production: ${why}` });
    return value;
  };
  const oneOf = <T extends string>(name: string, choices: readonly T[], fallback: T): T => {
    const value = text(name) ?? fallback;
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) faults.push({ path: name, problem: `must be one of ${choices.join(', ')}` });
    return choice ?? fallback;
  };
  const ofOperator = "the operator's login has no demo value there";
  const url = (name: string, value: string | undefined, schemes: readonly string[]): string | undefined => {
    if (value === undefined) return undefined;
    const scheme = URL.canParse(value) ? new URL(value).protocol : undefined;
    if (scheme !== undefined && schemes.includes(scheme)) return value;
    faults.push({ path: name, problem: `must be a URL that begins with ${schemes.join(' or ')}//` });
    return undefined;
  };

  const queue = oneOf('QUEUE', ['auto', 'redis', 'postgres'], 'auto');
  const redisUrl = url('REDIS_URL', text('REDIS_URL'), ['redis:', 'rediss:']);
  if (queue === 'postgres' && text('REDIS_URL') !== undefined) {
    faults.push({ path: 'QUEUE', problem: 'is postgres, but REDIS_URL is set: choose one' });
  }
  if (text('REDIS_URL') === undefined && (queue === 'redis' || (production && queue === 'auto'))) {
    faults.push({ path: 'REDIS_URL', problem: 'is required in production, unless QUEUE=postgres' });
  }
  const redis = readRedisSettings(text, faults);
  const role = oneOf('ROLE', ROLES, 'all');
  const databaseUrl = url('DATABASE_URL', required('DATABASE_URL', 'nothing is embedded there'), [
    'postgresql:',
    'postgres:',
  ]);
  if (!production && role !== 'all' && text('DATABASE_URL') === undefined) {
    faults.push({
      path: 'DATABASE_URL',
      problem: `is required with ROLE=${role}: processes must share a database`,
    });
  }
  const trustedProxies = (text('TRUST_PROXY')?.split(',') ?? []).map((proxy) => proxy.trim());
  for (const proxy of trustedProxies) {
    if (!isProxy(proxy)) {
      const problem = `has "${proxy}": must be addresses, ranges such as 10.0.0.0/8, loopback, linklocal or uniquelocal`;
      faults.push({ path: 'TRUST_PROXY', problem });
    }
  }
  const dataDir = text('DATA_DIR') ?? './data';
  const wholeNumber = (name: string, fallback: number, most: number): number => {
    const value = Number(text(name) ?? fallback);
    if (Number.isInteger(value) && value >= 0 && value <= most) return value;
    faults.push({ path: name, problem: `must be a whole number from 0 to ${most}` });
    return fallback;
  };

  const host = text('HOST') ?? '127.0.0.1';
  const port = wholeNumber('PORT', 3_000, 65_535);
  const opsHost = text('OPS_HOST');
  const ops =
    text('OPS_PORT') === undefined
      ? undefined
      : { host: opsHost ?? host, port: wholeNumber('OPS_PORT', 0, 65_535) };
  if (opsHost !== undefined && !ops) faults.push({ path: 'OPS_HOST', problem: 'needs OPS_PORT' });
  if (ops && ops.port !== 0 && ops.port === port) {
    faults.push({ path: 'OPS_PORT', problem: 'must be another port than PORT' });
  }

  const settings: ProcessSettings = {
    production,
    configPath: text('BELLHOP_CONFIG'),
    redisUrl,
    redis,
    databaseUrl,
    host,
    port,
    ops,
    publicUrl: url('PUBLIC_URL', text('PUBLIC_URL'), ['https:', 'http:'])?.replace(/\/+$/, ''),
    trustedProxies,
    role,
    dataDir,
    spoolDir: text('SPOOL_DIR') ?? path.join(dataDir, 'spool'),
    spoolMaxMb: wholeNumber('SPOOL_MAX_MB', 256, 1_000_000),
    admin: {
      username: required('ADMIN_USERNAME', ofOperator) ?? DEMO_ADMIN.username,
      password: required('ADMIN_PASSWORD', ofOperator) ?? DEMO_ADMIN.password,
    },
    logLevel: oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    shutdownDelayMs: wholeNumber('SHUTDOWN_DELAY_MS', 0, MAX_SHUTDOWN_DELAY_MS),
  };
  if (production) faults.push(...weakSecrets(text));
  return { settings, faults };
}

/** Secrets that production does not take: placeholders, and passwords of operators that can be guessed. */
function weakSecrets(text: (name: string) => string | undefined): Fault[] {
  const urls = ['DATABASE_URL', 'REDIS_URL'].flatMap((name) => placeholdersInUrl(name, text(name)));
  const secrets = ['REDIS_SENTINEL_PASSWORD', 'ADMIN_PASSWORD'].flatMap((name) =>
    isPlaceholder(text(name) ?? '') ? [placeholderFault(name)] : [],
  );
  const password = text('ADMIN_PASSWORD');
  const isShort = password !== undefined && [...password].length < SAFE_PASSWORD_LENGTH;
  if (isShort && !isPlaceholder(password)) {
    const problem = `must have ${SAFE_PASSWORD_LENGTH} characters at least in production`;
    secrets.push({ path: 'ADMIN_PASSWORD', problem });
  }
  return [...urls, ...secrets];
}

const RANGES_BY_NAME = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Whether it names a proxy that can be believed. A range that holds everybody is none: anyone could claim any address. */
function isProxy(text: string): boolean {
  if (RANGES_BY_NAME.has(text)) return true;
  const [address = '', prefix] = text.split('/');
  if (isIP(address) === 0) return false;
  return prefix === undefined || (ipaddr.isValidCIDR(text) && Number(prefix) > 0);
}
