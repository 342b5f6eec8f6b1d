import type { Fault } from '../errors/gateway-error.js';
import { isSecretKey } from './secrets.js';

/** What example files say in place of a secret: `change-me`, `change-me-webhook`. */
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
 * Finds every placeholder in a configuration tree. Anywhere a text must not begin so; the request to a gateway with an
 * HTTP API, whose secrets stand anywhere, must not hold one at all.
 */
export function placeholders(node: unknown, at = '', rule: RegExp = /^change[-_]me\b/i): Fault[] {
  if (typeof node === 'string') return rule.test(node) ? [placeholderFault(at)] : [];
  if (Array.isArray(node)) return node.flatMap((item, i) => placeholders(item, `${at}[${i}]`, rule));
  if (typeof node !== 'object' || node === null) return [];
  const isRequest = 'type' in node && node.type === 'http';
  return Object.entries(node).flatMap(([key, value]) => {
    const ruleOfKey = isRequest ? PLACEHOLDER : isSecretKey(key) ? BEGINS_SO : rule;
    return placeholders(value, at === '' ? key : `${at}.${key}`, ruleOfKey);
  });
}
