import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';

const MAX_README_BYTES = 10_000;

/** The commands of a page's shell blocks, one per `curl`. */
function curlsOf(page: string): string[] {
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```sh\n(.*?)^```/gms)].map(
    (match) => match[1] ?? '',
  );
  return blocks
    .flatMap((block) => block.split(/^(?=curl )/m))
    .filter((command) => command.startsWith('curl '));
}

/** The commands that the demo prints at startup. */
function printedCurls(): string[] {
  const { appId, webhook, apiKey } = DEMO;
  const values: Readonly<Record<string, string>> = {
    url: 'http://127.0.0.1:3000',
    apiKey,
    appId,
    'webhook.username': webhook.username,
    'webhook.password': webhook.password,
  };
  const printed = /Try it:\n(.*?\n)`/s.exec(readFileSync('src/welcome.ts', 'utf8'))?.[1] ?? '';
  return printed
    .replaceAll(/\$\{([\w.]+)\}/g, (_whole, name: string) => values[name] ?? '?')
    .replaceAll('\\\\', '\\')
    .replaceAll(/^ {2}/gm, '')
    .split(/^(?=curl )/m);
}

describe('README.md', () => {
  it(`has at most ${MAX_README_BYTES} bytes`, () => {
    expect(statSync('README.md').size).toBeLessThanOrEqual(MAX_README_BYTES);
  });

  it('shows the first two commands that the demo prints at startup', () => {
    expect(curlsOf('README.md')).toEqual(printedCurls().slice(0, 2));
  });
});

describe('docs/start.md', () => {
  it('shows all commands that the demo prints at startup', () => {
    expect(printedCurls()).toHaveLength(3);
    expect(curlsOf('docs/start.md').slice(0, 3)).toEqual(printedCurls());
  });
});
