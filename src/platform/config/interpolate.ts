import type { Fault } from '../errors/gateway-error.js';

const REFERENCE = /\$(\$)?\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` in every text of the tree; `$${NAME}` stays as `${NAME}`. A name that is
 * neither set nor has a default is a fault; as in a shell, a variable set to nothing takes the default.
 */
export function interpolate(node: unknown, env: NodeJS.ProcessEnv, faults: Fault[], at = ''): unknown {
  if (Array.isArray(node)) return node.map((item, i) => interpolate(item, env, faults, `${at}[${i}]`));
  if (typeof node === 'object' && node !== null) {
    return Object.fromEntries(
      Object.entries(node).map(([key, value]) => [
        key,
        interpolate(value, env, faults, at === '' ? key : `${at}.${key}`),
      ]),
    );
  }
  if (typeof node !== 'string') return node;
  return node.replace(
    REFERENCE,
    (whole, escaped: string | undefined, name: string, fallback: string | undefined) => {
      if (escaped !== undefined) return whole.slice(1);
      const value = env[name];
      if (value !== undefined && (value !== '' || fallback === undefined)) return value;
      if (fallback !== undefined) return fallback;
      faults.push({ path: at, problem: `needs the environment variable ${name}, which is not set` });
      return `unset-${name}`;
    },
  );
}
