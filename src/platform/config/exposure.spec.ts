import { describe, expect, it } from '@jest/globals';
import { exposedDemoCredentials } from './exposure.js';
import { readProcessSettings } from './process-settings.js';

const pathsOf = (env: NodeJS.ProcessEnv, demo: boolean): string[] =>
  exposedDemoCredentials(readProcessSettings(env).settings, demo).map(({ path }) => path);

describe('exposedDemoCredentials', () => {
  it.each(['0.0.0.0', '::', '10.0.0.1', 'gateway.internal'])('names what to set where HOST is %s', (HOST) => {
    expect(pathsOf({ HOST }, true)).toEqual(['ADMIN_PASSWORD', 'BELLHOP_CONFIG']);
    expect(pathsOf({ HOST }, false)).toEqual(['ADMIN_PASSWORD']);
    expect(pathsOf({ HOST, ADMIN_PASSWORD: 'admin-demo' }, false)).toEqual(['ADMIN_PASSWORD']);
    expect(pathsOf({ HOST, ADMIN_PASSWORD: 'my-own-password' }, true)).toEqual(['BELLHOP_CONFIG']);
    expect(pathsOf({ HOST, ADMIN_PASSWORD: 'my-own-password' }, false)).toEqual([]);
  });

  it.each(['', '127.0.0.1', '::1', 'localhost'])('has nothing to say where it is "%s"', (HOST) => {
    expect(pathsOf({ HOST }, true)).toEqual([]);
  });

  it('leaves production to its own rules, which know no demo', () => {
    expect(pathsOf({ HOST: '0.0.0.0', NODE_ENV: 'production' }, false)).toEqual([]);
  });
});
