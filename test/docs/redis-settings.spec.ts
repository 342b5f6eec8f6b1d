import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { REDIS_SETTINGS } from '../../scripts/temporary-redis.mjs';

interface Compose {
  readonly services: { readonly redis: { readonly command: readonly string[] } };
}

describe('the Redis of the tests and of the chaos suite', () => {
  it('has the settings of the Redis in docker-compose.yml, except for the network', () => {
    const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as Compose;
    const [, ...flags] = compose.services.redis.command;
    const pairs = flags.flatMap((flag, index) =>
      index % 2 === 0 ? [[flag.slice(2), flags[index + 1]] as const] : [],
    );
    expect({ ...REDIS_SETTINGS, 'protected-mode': 'no' }).toEqual(Object.fromEntries(pairs));
  });
});
