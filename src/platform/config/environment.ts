import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import {
  ChoiceSetting,
  IntSetting,
  SecretSetting,
  Setting,
  TextSetting,
  type Problem,
  type SettingOptions,
} from './settings.decorators.js';
import { LOG_FORMATS, type LogFormat } from '../logging/log-destination.js';

export const ROLES = ['all', 'api', 'worker'] as const;
export type Role = (typeof ROLES)[number];
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const MAX_SHARDS = 64;
export const MAX_PROCESSES = 64;
const NO_DEMO_LOGIN = "the operator's login has no demo value there";

/** The environment variables. */
export class Environment {
  @TextSetting({
    description: 'Path of the configuration file.',
    unset: '`./bellhop.yaml` if that exists, else the built-in demo configuration',
  })
  BELLHOP_CONFIG?: string;

  @TextSetting({
    description:
      'With `production` nothing is embedded and nothing has a demo value: every missing setting stops the start, and so do placeholders (`change-me…`) and operator passwords under 12 characters.',
    unset: 'not production',
  })
  NODE_ENV?: string;

  @ChoiceSetting(ROLES, {
    description:
      'Part that this process plays: `api` serves webhooks and REST, `worker` plans and sends, `all` does both.',
  })
  ROLE: Role = 'all';

  @ProcessesSetting({
    description:
      'Processes of this role behind one port, restarted if they die; `auto`: one per core. See [several processes](scaling.md#more-cores).',
  })
  PROCESSES: number | 'auto' = 1;

  @ConnectionUrlSetting(['postgresql:', 'postgres:'], {
    description: 'PostgreSQL.',
    unset: 'an embedded PostgreSQL is started, which needs `ROLE=all`',
    requiredInProduction: 'nothing is embedded there',
    file: true,
  })
  DATABASE_URL?: string;

  @ChoiceSetting(['auto', 'redis', 'postgres'], {
    description:
      'Store of the queue. `auto` takes Redis if `REDIS_URL` is set, else PostgreSQL; production without `REDIS_URL` needs `postgres`.',
  })
  QUEUE: 'auto' | 'redis' | 'postgres' = 'auto';

  @ConnectionUrlSetting(['redis:', 'rediss:'], {
    description: 'Redis for the queue: `redis://` or `rediss://`. See [Redis](redis.md).',
    unset: 'the queue runs on PostgreSQL',
    file: true,
  })
  REDIS_URL?: string;

  @NodesSetting({
    description:
      'Sentinels that name the current master: `host:port`, separated by commas. See [Sentinel](redis.md#sentinel).',
    unset: '`REDIS_URL` gives the address of Redis',
  })
  REDIS_SENTINELS?: string;

  @TextSetting({
    description: 'Name of the master among the Sentinels.',
    unset: '`mymaster`',
  })
  REDIS_SENTINEL_MASTER?: string;

  @TextSetting({ description: 'User for the Sentinels themselves.', unset: 'none' })
  REDIS_SENTINEL_USERNAME?: string;

  @SecretSetting({ description: 'Password for the Sentinels themselves.', unset: 'none' })
  REDIS_SENTINEL_PASSWORD?: string;

  @NodesSetting({
    description:
      'Some nodes of a Redis Cluster: `host:port`, separated by commas. See [Cluster](redis.md#cluster).',
    unset: 'no Cluster',
  })
  REDIS_CLUSTER?: string;

  @IntSetting({
    description: 'Replicas that must hold a webhook before it is answered with 200.',
    unit: 'replicas',
    min: 0,
    max: 10,
  })
  REDIS_WAIT_REPLICAS: number = 0;

  @IntSetting({
    description: 'Shards over which each queue is spread, by user. More than one needs Redis.',
    unit: 'shards',
    min: 1,
    max: MAX_SHARDS,
  })
  QUEUE_SHARDS: number = 1;

  @TextSetting({
    description:
      'Address on which HTTP listens. Any address other than loopback needs credentials of your own.',
  })
  HOST: string = '127.0.0.1';

  @IntSetting({ description: 'Port on which HTTP listens; 0 takes a free one.', min: 0, max: 65_535 })
  PORT: number = 3_000;

  @IntSetting({
    description:
      'Port on which `/health`, `/metrics` and `/docs` listen instead of on `PORT`; it serves nothing else.',
    unset: 'they are served on `PORT`',
    min: 0,
    max: 65_535,
  })
  OPS_PORT?: number;

  @TextSetting({ description: 'Address of `OPS_PORT`.', unset: 'the value of `HOST`' })
  OPS_HOST?: string;

  @ConnectionUrlSetting(['https:', 'http:'], {
    description:
      'Address of the gateway as vendors see it. Callback URLs are built from it, and callback signatures are checked against it.',
    unset: 'derived from each request; SMS then carry no callback address',
  })
  PUBLIC_URL?: string;

  @Setting(
    { type: 'list' },
    {
      description:
        'Proxies whose `X-Forwarded-…` headers are trusted: addresses, ranges such as `10.0.0.0/8`, `loopback`, `linklocal` or `uniquelocal`, separated by commas. See [proxies](security.md#behind-a-proxy).',
      unset: 'none; the address of the connection counts',
    },
    (value) => {
      const wrong = itemsOf(value).find((proxy) => !isProxy(proxy));
      return wrong === undefined
        ? undefined
        : `has "${wrong}": must be addresses, ranges such as 10.0.0.0/8, loopback, linklocal or uniquelocal`;
    },
  )
  TRUST_PROXY?: string;

  @TextSetting({
    description: 'Directory of the embedded PostgreSQL; one gateway can use it at a time.',
  })
  DATA_DIR: string = './data';

  @TextSetting({
    description:
      'Directory in which `api` keeps events while the store of the queue is unavailable. It must be on a persistent disk; the processes of one machine may share it.',
    unset: '`spool` in `DATA_DIR`',
  })
  SPOOL_DIR?: string;

  @IntSetting({
    description:
      'Maximum size of the spool of one process; 0 turns the spool off, so that such events are answered with 503.',
    unit: 'megabytes',
    min: 0,
    max: 1_000_000,
  })
  SPOOL_MAX_MB: number = 256;

  @TextSetting({
    description: "User name of the operator's login.",
    unset: '`admin`',
    requiredInProduction: NO_DEMO_LOGIN,
  })
  ADMIN_USERNAME?: string;

  @SecretSetting({
    description: "Password of the operator's login; at least 12 characters in production.",
    unset: '`admin-demo`',
    requiredInProduction: NO_DEMO_LOGIN,
  })
  ADMIN_PASSWORD?: string;

  @IntSetting({
    description: 'Time for which `/health/ready` announces a stop before the process refuses connections.',
    unit: 'ms',
    min: 0,
    max: 60_000,
  })
  SHUTDOWN_DELAY_MS: number = 0;

  @ChoiceSetting(LOG_LEVELS, { description: 'Lowest level that is logged.' })
  LOG_LEVEL: LogLevel = 'info';

  @ChoiceSetting(LOG_FORMATS, {
    description:
      '`json`: one JSON object per line; `pretty`: coloured lines, if the development package `pino-pretty` is installed.',
    unset: '`pretty` in a terminal, `json` otherwise',
  })
  LOG_FORMAT?: LogFormat;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** The valid nodes of a list of `host:port`. */
export function nodesIn(text: string): HostAndPort[] {
  return itemsOf(text).flatMap((item) => hostAndPort(item) ?? []);
}

export function itemsOf(text: unknown): string[] {
  return String(text)
    .split(',')
    .map((item) => item.trim());
}

function ConnectionUrlSetting(schemes: readonly string[], options: SettingOptions): PropertyDecorator {
  return Setting({ type: 'URL' }, options, (value) => {
    const scheme = URL.canParse(String(value)) ? new URL(String(value)).protocol : undefined;
    return scheme !== undefined && schemes.includes(scheme)
      ? undefined
      : `must be a URL that begins with ${schemes.join(' or ')}//`;
  });
}

function ProcessesSetting(options: SettingOptions): PropertyDecorator {
  const transform = (value: unknown): unknown =>
    typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  const kind = { type: 'whole number', range: `1 to ${MAX_PROCESSES}, or \`auto\``, transform };
  return Setting(kind, options, (value) => {
    const isNumber = Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_PROCESSES;
    return isNumber || value === 'auto'
      ? undefined
      : `must be a whole number from 1 to ${MAX_PROCESSES}, or auto`;
  });
}

function NodesSetting(options: SettingOptions): PropertyDecorator {
  const problem: Problem = (value) =>
    itemsOf(value).every((item) => hostAndPort(item))
      ? undefined
      : 'must be host:port, or several of them separated by commas';
  return Setting({ type: 'list' }, options, problem);
}

/** IPv6 addresses are enclosed in brackets, as in a URL. */
function hostAndPort(text: string): HostAndPort | undefined {
  const [, host, digits] = /^(\[[\da-fA-F:.]+\]|[^\s:@/[\]]+):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port };
}

const RANGES_BY_NAME = new Set(['loopback', 'linklocal', 'uniquelocal']);

/** Prefix 0 is refused: with it any client could claim any address. */
function isProxy(text: string): boolean {
  if (RANGES_BY_NAME.has(text)) return true;
  const [address = '', prefix] = text.split('/');
  if (isIP(address) === 0) return false;
  return prefix === undefined || (ipaddr.isValidCIDR(text) && Number(prefix) > 0);
}
