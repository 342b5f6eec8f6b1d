import os from 'node:os';
import path from 'node:path';
import type { Fault } from '../errors/gateway-error.js';
import { Environment, itemsOf, MAX_PROCESSES, type LogLevel, type Role } from './environment.js';
import type { LogFormat } from '../logging/log-destination.js';
import { isPlaceholder, placeholderFault, placeholdersInUrl } from './placeholders.js';
import { readEnvironment, type EnvironmentReading } from './read-environment.js';
import { redisContradictions, redisSettingsOf, type RedisSettings } from './redis-settings.js';
import { settingsOf } from './setting-declarations.js';

export { ROLES, type LogLevel, type Role } from './environment.js';

/** Characters below which a password can be guessed. */
export const SAFE_PASSWORD_LENGTH = 12;

/** The environment variables in the form in which the gateway uses them. */
export interface ProcessSettings {
  readonly production: boolean;
  /** undefined: `./bellhop.yaml` if that exists, else the demo configuration. */
  readonly configPath: string | undefined;
  /** undefined: the queue runs on PostgreSQL. */
  readonly redisUrl: string | undefined;
  readonly redis: RedisSettings;
  /** undefined: an embedded PostgreSQL is started. */
  readonly databaseUrl: string | undefined;
  readonly host: string;
  readonly port: number;
  /** Where `/health`, `/metrics` and `/docs` listen; undefined: with everything else. */
  readonly ops: { readonly host: string; readonly port: number } | undefined;
  /** Without a trailing slash; undefined: derived from each request. */
  readonly publicUrl: string | undefined;
  readonly trustedProxies: readonly string[];
  readonly role: Role;
  /** More than 1: a supervisor starts this many behind one port. */
  readonly processes: number;
  readonly dataDir: string;
  readonly spoolDir: string;
  /** 0: there is no spool. */
  readonly spoolMaxMb: number;
  readonly admin: { readonly username: string; readonly password: string };
  readonly logLevel: LogLevel;
  /** Undefined: `pretty` if standard output is a terminal, `json` otherwise. */
  readonly logFormat: LogFormat | undefined;
  readonly shutdownDelayMs: number;
}

/** The operator's login where none is set; never used in production. */
export const DEMO_ADMIN = { username: 'admin', password: 'admin-demo' } as const;

/** Reads the environment. With a fault the settings must not be used. */
export function readProcessSettings(env: NodeJS.ProcessEnv): {
  settings: ProcessSettings;
  /** The variables themselves. */
  reading: EnvironmentReading;
  faults: Fault[];
} {
  const reading = readEnvironment(env);
  const { environment } = reading;
  const production = environment.NODE_ENV === 'production';
  const faults = [
    ...reading.faults,
    ...redisContradictions(reading),
    ...contradictions(reading, production),
    ...(production ? [...missing(reading), ...weakSecrets(environment)] : []),
  ];
  const { DATA_DIR, OPS_PORT, PROCESSES, TRUST_PROXY } = environment;
  const settings: ProcessSettings = {
    production,
    configPath: environment.BELLHOP_CONFIG,
    redisUrl: environment.REDIS_URL,
    redis: redisSettingsOf(reading),
    databaseUrl: environment.DATABASE_URL,
    host: environment.HOST,
    port: environment.PORT,
    ops:
      OPS_PORT === undefined ? undefined : { host: environment.OPS_HOST ?? environment.HOST, port: OPS_PORT },
    publicUrl: environment.PUBLIC_URL?.replace(/\/+$/, ''),
    trustedProxies: TRUST_PROXY === undefined ? [] : itemsOf(TRUST_PROXY),
    role: environment.ROLE,
    processes: PROCESSES === 'auto' ? Math.min(os.availableParallelism(), MAX_PROCESSES) : PROCESSES,
    dataDir: DATA_DIR,
    spoolDir: environment.SPOOL_DIR ?? path.join(DATA_DIR, 'spool'),
    spoolMaxMb: environment.SPOOL_MAX_MB,
    admin: {
      username: environment.ADMIN_USERNAME ?? DEMO_ADMIN.username,
      password: environment.ADMIN_PASSWORD ?? DEMO_ADMIN.password,
    },
    logLevel: environment.LOG_LEVEL,
    logFormat: environment.LOG_FORMAT,
    shutdownDelayMs: environment.SHUTDOWN_DELAY_MS,
  };
  return { settings, reading, faults };
}

/** Variables that are valid alone but not together. */
function contradictions({ environment, given }: EnvironmentReading, production: boolean): Fault[] {
  const faults: Fault[] = [];
  const add = (name: string, problem: string): void => void faults.push({ path: name, problem });
  const { QUEUE, ROLE, OPS_PORT, PORT } = environment;
  if (QUEUE === 'postgres' && given.has('REDIS_URL'))
    add('QUEUE', 'is postgres, but REDIS_URL is set: choose one');
  if (!given.has('REDIS_URL') && (QUEUE === 'redis' || (production && QUEUE === 'auto')))
    add('REDIS_URL', 'is required in production, unless QUEUE=postgres');
  if (!production && ROLE !== 'all' && !given.has('DATABASE_URL'))
    add('DATABASE_URL', `is required with ROLE=${ROLE}: processes must share a database`);
  if (given.has('OPS_HOST') && !given.has('OPS_PORT')) add('OPS_HOST', 'needs OPS_PORT');
  if (OPS_PORT !== undefined && OPS_PORT !== 0 && OPS_PORT === PORT)
    add('OPS_PORT', 'must be another port than PORT');
  return faults;
}

function missing({ given }: EnvironmentReading): Fault[] {
  return settingsOf(Environment).flatMap(({ key, requiredInProduction }) =>
    requiredInProduction === undefined || given.has(key)
      ? []
      : [{ path: key, problem: `is required in production: ${requiredInProduction}` }],
  );
}

/** Secrets that production refuses: placeholders and operator passwords that can be guessed. */
function weakSecrets(environment: Environment): Fault[] {
  const faults = settingsOf(Environment).flatMap(({ key, secret, file, type }) => {
    const value: unknown = Reflect.get(environment, key);
    if (typeof value !== 'string' || !file) return [];
    if (type === 'URL') return placeholdersInUrl(key, value);
    return secret && isPlaceholder(value) ? [placeholderFault(key)] : [];
  });
  const password = environment.ADMIN_PASSWORD;
  const isShort = password !== undefined && [...password].length < SAFE_PASSWORD_LENGTH;
  if (isShort && !isPlaceholder(password)) {
    const problem = `must have ${SAFE_PASSWORD_LENGTH} characters at least in production`;
    faults.push({ path: 'ADMIN_PASSWORD', problem });
  }
  return faults;
}
