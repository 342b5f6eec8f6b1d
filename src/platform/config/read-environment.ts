import { readFileSync } from 'node:fs';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { codeOf } from '../errors/code-of.js';
import { toFaults } from '../errors/faults.js';
import type { Fault } from '../errors/gateway-error.js';
import { Environment } from './environment.js';
import { settingsOf } from './setting-declarations.js';

export interface EnvironmentReading {
  /** Every variable; a wrong one has its default, and one from an unreadable file is unset. */
  readonly environment: Environment;
  /** Names of the variables that have a value, right or wrong. */
  readonly given: ReadonlySet<string>;
  readonly faults: Fault[];
}

/**
 * Reads and validates the declared variables. An empty variable counts as unset. The content of a file is taken as it
 * is, except for trailing line breaks.
 */
export function readEnvironment(env: NodeJS.ProcessEnv): EnvironmentReading {
  const faults: Fault[] = [];
  const given = new Set<string>();
  const values: Record<string, unknown> = {};
  for (const { key, file } of settingsOf(Environment)) {
    let value = env[key]?.trim() || undefined;
    const path = file ? env[`${key}_FILE`]?.trim() : undefined;
    if (path) {
      const content = contentOf(path);
      const problem = value === undefined ? content.problem : `is set beside ${key}: choose one`;
      if (problem !== undefined) faults.push({ path: `${key}_FILE`, problem });
      value ??= content.value;
    }
    if (value === undefined && !path) continue;
    given.add(key);
    if (value !== undefined) values[key] = value;
  }
  const environment = plainToInstance(Environment, values);
  const found = toFaults(validateSync(environment));
  const defaults = new Environment();
  for (const { path } of found) Reflect.set(environment, path, Reflect.get(defaults, path));
  return { environment, given, faults: [...faults, ...found] };
}

function contentOf(file: string): { value?: string; problem?: string } {
  try {
    const value = readFileSync(file, 'utf8').replace(/(\r?\n)+$/, '');
    return value.trim() === '' ? { problem: 'names a file that is empty' } : { value };
  } catch (error) {
    return { problem: `names a file that cannot be read (${codeOf(error) ?? 'unreadable'})` };
  }
}
