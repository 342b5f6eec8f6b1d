import { readFileSync } from 'node:fs';
import { codeOf } from '../errors/code-of.js';
import type { Fault } from '../errors/gateway-error.js';

/** Variables that may stand in a file, which `<name>_FILE` names; with what stands in where it cannot be read. */
const FILE_VARIABLES: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgresql://unreadable',
  REDIS_URL: 'redis://unreadable',
  REDIS_SENTINEL_PASSWORD: 'unreadable-secret',
  ADMIN_PASSWORD: 'unreadable-secret',
};

/**
 * Gives the value of an environment variable: trimmed, undefined where it is unset or empty. A file's value is taken as
 * it stands there, but for the line break at its end.
 */
export function readVariables(env: NodeJS.ProcessEnv, faults: Fault[]): (name: string) => string | undefined {
  const given = (name: string): string | undefined => env[name]?.trim() || undefined;
  const fromFiles = new Map<string, string>();
  for (const [name, substitute] of Object.entries(FILE_VARIABLES)) {
    const path = `${name}_FILE`;
    const file = given(path);
    if (file === undefined) continue;
    const { value, problem } = contentOf(file);
    const fault = given(name) === undefined ? problem : `is set beside ${name}: choose one`;
    if (fault !== undefined) faults.push({ path, problem: fault });
    // Keeps a value that is missing from being reported a second time.
    fromFiles.set(name, value ?? substitute);
  }
  return (name) => given(name) ?? fromFiles.get(name);
}

function contentOf(file: string): { value?: string; problem?: string } {
  try {
    const value = readFileSync(file, 'utf8').replace(/(\r?\n)+$/, '');
    return value.trim() === '' ? { problem: 'names a file that is empty' } : { value };
  } catch (error) {
    return { problem: `names a file that cannot be read (${codeOf(error) ?? 'unreadable'})` };
  }
}
