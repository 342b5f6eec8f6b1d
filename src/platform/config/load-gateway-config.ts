import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { parseDocument } from 'yaml';
import { toFaults } from '../errors/faults.js';
import type { Fault } from '../errors/gateway-error.js';
import { DEMO_CONFIG } from './demo-config.js';
import { disagreements } from './disagreements.js';
import { GatewayConfig } from './gateway-config.js';
import { interpolate } from './interpolate.js';
import { placeholders } from './placeholders.js';
import type { ConfigTransformOptions, ProviderTypes } from './provider-settings.js';
import { readSecretFiles } from './secrets.js';
import { codeOf } from '../errors/code-of.js';

const DEFAULT_PATH = './bellhop.yaml';

export interface LoadedConfig {
  readonly config: GatewayConfig;
  /** Where it came from; null: the built-in demo configuration. */
  readonly source: string | null;
  /** The mapping as written, before variables and files were read; undefined if there is none. */
  readonly tree?: unknown;
  /** Every fault found; with one the configuration must not be used. */
  readonly faults: Fault[];
}

export interface LoadOptions {
  /** The file that was asked for; undefined: `./bellhop.yaml` if it is there, else the demo configuration. */
  readonly configPath: string | undefined;
  readonly production: boolean;
  readonly env: NodeJS.ProcessEnv;
  /** The vendors that provider blocks may name. */
  readonly providerTypes: ProviderTypes;
}

/** Finds, reads and checks the configuration. */
export function loadGatewayConfig({ configPath, production, env, providerTypes }: LoadOptions): LoadedConfig {
  const source = configPath ?? (existsSync(DEFAULT_PATH) ? DEFAULT_PATH : null);
  if (source === null && production) {
    const fault = {
      path: 'BELLHOP_CONFIG',
      problem: 'is required in production: there is no demo configuration there',
    };
    return { config: new GatewayConfig(), source, faults: [fault] };
  }
  if (source === null)
    return { ...parseGatewayConfig(DEMO_CONFIG, '.', env, providerTypes), source, tree: DEMO_CONFIG };

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
  const tree: unknown = document.toJS();
  return {
    ...parseGatewayConfig(tree, path.dirname(source), env, providerTypes, production),
    ...{ source, tree },
  };
}

/**
 * Checks a configuration tree: variables, secret files, types, unknown keys, what must agree across blocks and, in
 * production, that no placeholder is left. All of that is looked at, whatever is wrong with the rest; only what is wrong
 * already is not found wrong again for what stands in its place.
 */
export function parseGatewayConfig(
  tree: unknown,
  directory: string,
  env: NodeJS.ProcessEnv,
  providerTypes: ProviderTypes,
  production = false,
): { config: GatewayConfig; faults: Fault[] } {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) {
    return {
      config: new GatewayConfig(),
      faults: [{ path: '', problem: 'must be a mapping with the key apps' }],
    };
  }
  const faults: Fault[] = [];
  const add = (found: readonly Fault[]): void => {
    const known = new Set(faults.flatMap(({ path: at }) => [at, at.replace(/File$/, '')]));
    faults.push(...found.filter(({ path: at }) => !known.has(at)));
  };
  const interpolated = interpolate(tree, env, faults);
  const ofFiles: Fault[] = [];
  const complete = readSecretFiles(interpolated, directory, ofFiles);
  add(ofFiles);
  const options: ConfigTransformOptions = { exposeDefaultValues: true, providerTypes };
  const config = plainToInstance(GatewayConfig, complete, options);
  if (production) add(placeholders(config));
  const errors = validateSync(config, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
  });
  add([...toFaults(errors), ...disagreements(config, complete)]);
  return { config, faults };
}
