import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { parseDocument } from 'yaml';
import { toFaults } from '../errors/faults.js';
import type { Fault } from '../errors/gateway-error.js';
import type { AppSettings } from './app-settings.js';
import type { SmsSettings } from './sms-settings.js';
import { missingPrices } from './missing-prices.js';
import { DEMO_CONFIG } from './demo-config.js';
import { GatewayConfig } from './gateway-config.js';
import { interpolate } from './interpolate.js';
import { readSecretFiles } from './secrets.js';
import { codeOf } from '../errors/code-of.js';

const DEFAULT_PATH = './bellhop.yaml';

export interface LoadedConfig {
  readonly config: GatewayConfig;
  /** Where it came from; null: the built-in demo configuration. */
  readonly source: string | null;
  /** Every fault found; with one the configuration must not be used. */
  readonly faults: Fault[];
}

export interface LoadOptions {
  /** The file that was asked for; undefined: `./bellhop.yaml` if it is there, else the demo configuration. */
  readonly configPath: string | undefined;
  readonly production: boolean;
  readonly env: NodeJS.ProcessEnv;
}

/** Finds, reads and checks the configuration. */
export function loadGatewayConfig({ configPath, production, env }: LoadOptions): LoadedConfig {
  const source = configPath ?? (existsSync(DEFAULT_PATH) ? DEFAULT_PATH : null);
  if (source === null && production) {
    const fault = {
      path: 'BELLHOP_CONFIG',
      problem: 'is required in production: there is no demo configuration there',
    };
    return { config: new GatewayConfig(), source, faults: [fault] };
  }
  if (source === null) return { ...parseGatewayConfig(DEMO_CONFIG, '.', env), source };

  let text: string;
  try {
    text = readFileSync(source, 'utf8');
  } catch (error) {
    const problem = `names a file that cannot be read (${codeOf(error) ?? 'unreadable'})`;
    const fault = { path: 'BELLHOP_CONFIG', problem };
    return { config: new GatewayConfig(), source, faults: [fault] };
  }
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    const faults = document.errors.map((error) => ({ path: path.basename(source), problem: error.message }));
    return { config: new GatewayConfig(), source, faults };
  }
  return { ...parseGatewayConfig(document.toJS(), path.dirname(source), env), source };
}

/** Checks a configuration tree: variables, secret files, types, unknown keys, and what must agree across blocks. */
export function parseGatewayConfig(
  tree: unknown,
  directory: string,
  env: NodeJS.ProcessEnv,
): { config: GatewayConfig; faults: Fault[] } {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) {
    return {
      config: new GatewayConfig(),
      faults: [{ path: '', problem: 'must be a mapping with the key apps' }],
    };
  }
  const faults: Fault[] = [];
  const complete = readSecretFiles(interpolate(tree, env, faults), directory, faults);
  const config = plainToInstance(GatewayConfig, complete, { exposeDefaultValues: true });
  const errors = validateSync(config, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  });
  faults.push(...toFaults(errors));
  if (errors.length === 0) faults.push(...disagreements(config));
  return { config, faults };
}

function disagreements({ apps, delivery }: GatewayConfig): Fault[] {
  const repeated = duplicates(apps.map((app) => app.appId)).map((index) => ({
    path: `apps[${index}].appId`,
    problem: 'is configured twice',
  }));
  return [
    ...repeated,
    ...apps.flatMap((app, index) => [
      ...disagreementsOfApp(app, `apps[${index}]`),
      ...disagreementsOfTexts(app, `apps[${index}]`, delivery.lifetimeMinutes),
    ]),
  ];
}

/** What the ways in which an app's texts are planned need of other settings. */
function disagreementsOfTexts({ sms, cometchat }: AppSettings, at: string, lifetimeMinutes: number): Fault[] {
  const faults: Fault[] = [];
  if (sms.askCometChatForNumbers && !cometchat.restApiKey) {
    const problem = 'is required for sms.askCometChatForNumbers';
    faults.push({ path: `${at}.cometchat.restApiKey`, problem });
  }
  if (sms.policy === 'ifNotSeen' && sms.seenWithinSeconds >= lifetimeMinutes * 60) {
    const problem = 'must be shorter than delivery.lifetimeMinutes, or no text would ever be sent';
    faults.push({ path: `${at}.sms.seenWithinSeconds`, problem });
  }
  return faults;
}

function disagreementsOfApp(app: AppSettings, at: string): Fault[] {
  const smsIds = app.sms.providers.map((provider) => provider.id);
  const twice = [
    // FCM, APNs and Web Push providers may share an id: the device's platform decides between them, and its
    // environment between APNs' two.
    ...duplicates(
      app.push.providers.map((provider) =>
        [provider.type, provider.id, 'environment' in provider ? provider.environment : ''].join(' '),
      ),
    ).map((i) => `push.providers[${i}].id`),
    ...duplicates(smsIds).map((i) => `sms.providers[${i}].id`),
    ...duplicates(app.rules.map(({ name }) => name)).map((i) => `rules[${i}].name`),
  ].map((where) => ({ path: `${at}.${where}`, problem: 'is used twice' }));
  const sandboxed = app.push.providers.flatMap((provider, i) => {
    const others = app.push.providers.filter(({ id }) => id === provider.id).length - 1;
    return provider.type === 'sandbox' && others > 0
      ? [
          {
            path: `${at}.push.providers[${i}].id`,
            problem: 'must be its own: a sandbox serves devices of every kind',
          },
        ]
      : [];
  });
  const unrouted = (app.sms.routes ?? []).flatMap((route, i) =>
    route.use.flatMap((id, j) =>
      smsIds.includes(id)
        ? []
        : [{ path: `${at}.sms.routes[${i}].use[${j}]`, problem: 'names no provider of sms.providers' }],
    ),
  );
  return [
    ...twice,
    ...sandboxed,
    ...unrouted,
    ...disagreementsOfSms(app.sms, `${at}.sms`),
    ...missingPrices(app.sms, `${at}.sms`),
  ];
}

function disagreementsOfSms({ routes = [], providers, guard }: SmsSettings, at: string): Fault[] {
  const weighed = routes.flatMap(({ use, weights = {} }, i) => {
    const where = `${at}.routes[${i}].weights`;
    const shares = Object.entries(weights);
    const wrong = shares.flatMap(([id, share]) => [
      ...(use.includes(id) ? [] : [{ path: `${where}.${id}`, problem: 'names no provider of use' }]),
      ...(Number.isFinite(share) && share >= 0
        ? []
        : [{ path: `${where}.${id}`, problem: 'must be a number from 0 on' }]),
    ]);
    const isEmpty = shares.length > 0 && shares.every(([, share]) => share === 0);
    return isEmpty
      ? [...wrong, { path: where, problem: 'must give a part to one provider at least' }]
      : wrong;
  });
  const priced = guard.prices.flatMap(({ provider }, i) =>
    provider === undefined || providers.some(({ id }) => id === provider)
      ? []
      : [{ path: `${at}.guard.prices[${i}].provider`, problem: 'names no provider of sms.providers' }],
  );
  return [...weighed, ...priced];
}

/** The positions of values that already stood before. */
function duplicates(values: readonly string[]): number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
}
