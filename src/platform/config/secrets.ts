import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Fault } from '../errors/gateway-error.js';
import { codeOf } from '../errors/code-of.js';
import { withoutUserinfo } from '../logging/without-userinfo.js';

/** Keys whose values are secret: `<key>File` reads one from a file, and no log ever shows one. */
const SECRET_KEYS = new Set([
  'password',
  'secret',
  'apiKey',
  'apiKeys',
  'apiSecret',
  'apiKeySecret',
  'apiToken',
  'accessKey',
  'secretAccessKey',
  'authToken',
  'signatureSecret',
  'signingKey',
  'callbackSecret',
  'privateKey',
  'serviceAccount',
  'appSecret',
  'accessToken',
  'restApiKey',
  'key',
]);
/** Not secret, but likewise long enough to live in a file of its own. */
const FILE_KEYS = new Set([...SECRET_KEYS, 'ca', 'publicKey']);

export const isSecretKey = (key: string): boolean => SECRET_KEYS.has(key);

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
    if (target === undefined || !FILE_KEYS.has(target) || typeof value !== 'string') {
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

/** The configuration as it may be logged: every secret that has a value reads `set`, and no URL has a password. */
export function redactSecrets(node: unknown): unknown {
  if (typeof node === 'string') return withoutUserinfo(node);
  if (Array.isArray(node)) return node.map(redactSecrets);
  if (typeof node !== 'object' || node === null) return node;
  const isRequest = 'type' in node && node.type === 'http';
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (isRequest && Object.hasOwn(REQUEST_KEYS, key)) return [key, REQUEST_KEYS[key]?.(value)];
      return [key, SECRET_KEYS.has(key) ? redactValue(value) : redactSecrets(value)];
    }),
  );
}

/**
 * How the request of a provider of type `http` is shown. Its secrets stand wherever its vendor wants them: in a header,
 * in the query, in the path, in the body.
 */
const REQUEST_KEYS: Readonly<Record<string, (value: unknown) => unknown>> = {
  url: (value) => (typeof value === 'string' ? originOf(value) : redactValue(value)),
  body: redactValue,
  headers: (value) =>
    isTree(value)
      ? Object.fromEntries(Object.entries(value).map(([name, held]) => [name, redactValue(held)]))
      : redactValue(value),
};

/** The host alone, without user and password. */
function originOf(url: string): string {
  const [, scheme, host] = /^(https?:\/\/)(?:[^/?#]*@)?([^/?#@]*)/.exec(url) ?? [];
  return scheme === undefined || host === undefined ? 'set' : `${scheme}${host}/…`;
}

function redactValue(value: unknown): unknown {
  if (Array.isArray(value)) return `${value.length} set`;
  return value === undefined || value === '' ? undefined : 'set';
}
