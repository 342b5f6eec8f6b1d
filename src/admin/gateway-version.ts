import { readFileSync } from 'node:fs';

/** The version in package.json, two folders above this one in `src` and in `dist`. */
export const GATEWAY_VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;
