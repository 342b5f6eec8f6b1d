import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DEMO } from '../../src/platform/config/demo-config.js';

const README = readFileSync('README.md', 'utf8');

describe('README.md', () => {
  it('links to existing files', () => {
    const links = [...README.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });

  it('names only commands that package.json has', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const named = [...README.matchAll(/npm (?:run )?(start|test|[a-z]+(?<=run [a-z]+)(?::[a-z]+)*)/g)];
    const names = named.map((match) => match[1] ?? '');
    expect(names).toContain('start');
    expect(names.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });

  it('has the commands that the demo prints at start', () => {
    const printed = /Try it:\n(.*?)\n`/s.exec(readFileSync('src/main.ts', 'utf8'))?.[1] ?? '';
    const { appId, webhook, apiKey } = DEMO;
    const values: Readonly<Record<string, string>> = {
      url: 'http://127.0.0.1:3000',
      apiKey,
      appId,
      'webhook.username': webhook.username,
      'webhook.password': webhook.password,
    };
    const commands = printed
      .replaceAll(/\$\{([\w.]+)\}/g, (_whole, name: string) => values[name] ?? '?')
      .replaceAll('\\\\', '\\')
      .replaceAll(/^ {2}/gm, '');
    expect(commands).toContain('curl');
    expect(README).toContain(`\`\`\`sh\n${commands}\n\`\`\``);
  });
});
