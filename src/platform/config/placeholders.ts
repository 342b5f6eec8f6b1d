import type { Fault } from '../errors/gateway-error.js';
import { isSecretKey, settingsOfInstance } from './setting-declarations.js';

/** Values of example files that stand for a secret: `change-me`, `change-me-webhook`. */
const PLACEHOLDER = /change[-_]me/i;
const BEGINS_SO = /^change[-_]?me/i;
const PROBLEM = 'is still a placeholder (change-me…): set a value of your own';

export function isPlaceholder(value: string): boolean {
  return BEGINS_SO.test(value);
}

export function placeholderFault(path: string): Fault {
  return { path, problem: PROBLEM };
}

/** The faults of a connection URL whose user or password is a placeholder. */
export function placeholdersInUrl(path: string, url: string | undefined): Fault[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { username, password } = new URL(url);
  return [username, password].some(isPlaceholder) ? [placeholderFault(path)] : [];
}

/**
 * Finds every placeholder in a configuration. No text may begin with one; a setting that may contain secrets at any
 * position must not contain one at all.
 */
export function placeholders(node: unknown, at = '', rule: RegExp = /^change[-_]me\b/i): Fault[] {
  if (typeof node === 'string') return rule.test(node) ? [placeholderFault(at)] : [];
  if (Array.isArray(node)) return node.flatMap((item, i) => placeholders(item, `${at}[${i}]`, rule));
  if (typeof node !== 'object' || node === null) return [];
  const settings = settingsOfInstance(node);
  return Object.entries(node).flatMap(([key, value]) => {
    const ruleOfKey = settings.get(key)?.conceal ? PLACEHOLDER : isSecretKey(key) ? BEGINS_SO : rule;
    return placeholders(value, at === '' ? key : `${at}.${key}`, ruleOfKey);
  });
}
