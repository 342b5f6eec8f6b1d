import { readFileSync } from 'node:fs';
import path from 'node:path';
import { codeOf } from '../errors/code-of.js';
import type { Fault } from '../errors/gateway-error.js';
import { withoutUserinfo } from '../logging/without-userinfo.js';
import { isFileKey, isSecretKey, settingsOfInstance } from './setting-declarations.js';

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Replaces every `<key>File: path` by `<key>: content`, without the line break at its end; a list key (`apiKeys`)
 * takes one value a line. Paths are relative to `directory`.
 */
export function readSecretFiles(node: unknown, directory: string, faults: Fault[], at = ''): unknown {
  if (Array.isArray(node))
    return node.map((item, i) => readSecretFiles(item, directory, faults, `${at}[${i}]`));
  if (!isTree(node)) return node;
  const out: Tree = {};
  for (const [key, value] of Object.entries(node)) {
    const here = at === '' ? key : `${at}.${key}`;
    const target = key.endsWith('File') ? key.slice(0, -'File'.length) : undefined;
    if (target === undefined || !isFileKey(target) || typeof value !== 'string') {
      out[key] = readSecretFiles(value, directory, faults, here);
      continue;
    }
    if (target in node) faults.push({ path: here, problem: `is set beside ${target}: choose one` });
    try {
      const text = readFileSync(path.resolve(directory, value), 'utf8').trimEnd();
      out[target] = target.endsWith('s') ? text.split(/\r?\n/).filter(Boolean) : text;
    } catch (error) {
      faults.push({ path: here, problem: `cannot be read (${codeOf(error) ?? 'unreadable'})` });
      // Keeps the missing secret from being reported a second time.
      out[target] = target.endsWith('s') ? [] : 'unreadable-secret';
    }
  }
  return out;
}

/** Settings in the form in which they are logged: secrets that have a value read `set`, and no URL has a password. */
export function redactSecrets(node: unknown): unknown {
  if (typeof node === 'string') return withoutUserinfo(node);
  if (Array.isArray(node)) return node.map(redactSecrets);
  if (typeof node !== 'object' || node === null) return node;
  const settings = settingsOfInstance(node);
  return Object.fromEntries(
    Object.entries(node).map(([key, value]: [string, unknown]) => {
      const conceal = settings.get(key)?.conceal;
      if (conceal) return [key, conceal(value)];
      return [key, isSecretKey(key) ? redactValue(value) : redactSecrets(value)];
    }),
  );
}

export function redactValue(value: unknown): unknown {
  if (Array.isArray(value)) return `${value.length} set`;
  return value === undefined || value === '' ? undefined : 'set';
}
