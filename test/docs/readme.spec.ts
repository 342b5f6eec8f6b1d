import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage } from 'class-validator';
import { REASONS } from '../../src/domain/reason.js';
import { DEMO } from '../../src/platform/config/demo-config.js';
import { GatewayConfig } from '../../src/platform/config/gateway-config.js';
import { readProcessSettings } from '../../src/platform/config/process-settings.js';
import { PUSH_PROVIDER_TYPES } from '../../src/platform/config/provider-settings.js';
import { SMS_PROVIDER_TYPES } from '../../src/platform/config/sms-provider-settings.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';

const README = readFileSync('README.md', 'utf8');
/** The configuration's rules have a page of their own. */
const RULES = readFileSync('docs/rules.md', 'utf8');

/** What stands under a heading, with all headings below it. */
function section(heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 0;
  const start = README.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`README.md has no heading "${heading}"`);
  const rest = README.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'));
  return end < 0 ? rest : rest.slice(0, end);
}

/** The words in the code spans of one column of a section's tables. */
function wordsInColumn(text: string, column: number, word: RegExp): string[] {
  const cells = text
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(/(?<!\\)\|/)[column + 1] ?? '');
  const spans = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''));
  return [...new Set(spans.flatMap((span) => span.match(word) ?? []))];
}

const KEY = /[a-z][A-Za-z0-9]*/g;

type Type = new () => object;

/** The keys that a block of the configuration may have. */
function keysOf(type: Type): string[] {
  const found = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(found.map(({ propertyName }) => propertyName))];
}

/** The keys of a block and of all blocks within it, and the paths of blocks that this tree lacks. */
function keysWithin(block: object, at = ''): { keys: string[]; missing: string[] } {
  const type = block.constructor as Type;
  const nested = new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type, '', false, false)
      .filter(({ type: kind }) => kind === 'nestedValidation')
      .map(({ propertyName }) => propertyName),
  );
  const result = { keys: keysOf(type), missing: new Array<string>() };
  for (const key of nested) {
    const value: unknown = Reflect.get(block, key);
    const inner = (Array.isArray(value) ? value : [value]).filter(
      (item): item is object => typeof item === 'object' && item !== null,
    );
    // Providers have tables of their own.
    if (inner.length === 0 && key !== 'providers') result.missing.push(`${at}${key}`);
    for (const item of inner) {
      const { keys, missing } = keysWithin(item, `${at}${key}.`);
      result.keys.push(...keys);
      result.missing.push(...missing);
    }
  }
  return result;
}

describe('README.md', () => {
  it('has every reason and no other', () => {
    expect(wordsInColumn(section('### Reasons'), 0, /\w+/g).toSorted()).toEqual(
      Object.keys(REASONS).toSorted(),
    );
  });

  it('has every environment variable that is read, and no other', () => {
    const read = new Set<string>();
    readProcessSettings(
      new Proxy(
        {},
        {
          get: (_target, name) => {
            read.add(String(name));
            return undefined;
          },
        },
      ),
    );
    const documented = wordsInColumn(section('### Environment'), 0, /[A-Z_]+/g);
    expect(documented.toSorted()).toEqual([...read].toSorted());
  });

  it('has every metric of the gateway and no other', () => {
    const all = new Metrics().registry.getMetricsAsArray().map(({ name }) => name);
    const own = all.filter((name) => !/^bellhop_(process|nodejs)_/.test(name));
    const documented = wordsInColumn(section('## Operate'), 0, /^bellhop_\w+$/g);
    expect(own).not.toEqual([]);
    expect(documented.toSorted()).toEqual(own.toSorted());
  });

  describe('on the configuration file', () => {
    let known: { keys: string[]; missing: string[] };
    beforeAll(() => {
      const app = {
        webhook: { basicAuth: [{}], signature: {} },
        clients: { jwt: {} },
        push: { providers: [] },
        sms: {
          routes: [{}],
          providers: [],
          guard: {
            prices: [{}],
            perPersonPerHour: {},
            perPersonPerDay: {},
            perConversationPerDay: {},
            perAppPerMonth: {},
          },
        },
        rules: [{ then: {} }],
      };
      known = keysWithin(plainToInstance(GatewayConfig, { apps: [app] }, { exposeDefaultValues: true }));
    });

    it('can be held to it: the tree above has every block', () => {
      expect(known.missing).toEqual([]);
      expect(known.keys).toContain('maxBodyBytes');
    });

    it('has every key', () => {
      const documented = wordsInColumn(`${section('### Configuration file')}\n${RULES}`, 0, KEY);
      expect(known.keys.filter((key) => key !== 'apps' && !documented.includes(key))).toEqual([]);
    });

    it('has no key that there is not', () => {
      const documented = wordsInColumn(`${section('### Configuration file')}\n${RULES}`, 0, KEY);
      expect(documented.filter((key) => !known.keys.includes(key))).toEqual([]);
    });

    it.each([
      ...Object.entries<Type>(PUSH_PROVIDER_TYPES).map(([type, block]) => ['push', type, block] as const),
      ...Object.entries<Type>(SMS_PROVIDER_TYPES).map(([type, block]) => ['SMS', type, block] as const),
    ])('has every key of %s providers of type %s', (_channel, type, block) => {
      const text = section('### Providers');
      const ofAll = text.slice(0, text.indexOf('\n|'));
      const row = text.split('\n').find((line) => line.startsWith(`| \`${type}\``)) ?? '';
      const spans = [...`${ofAll}${row}`.matchAll(/`([^`]+)`/g)].flatMap((match) => match[1] ?? '');
      const documented = new Set(spans);
      expect(row).not.toBe('');
      expect(keysOf(block).filter((key) => !documented.has(key))).toEqual([]);
    });
  });

  it('prints the commands that the program prints at start', () => {
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
    expect(section('## Start')).toContain(`\`\`\`sh\n${commands}\n\`\`\``);
  });

  it('links to files that there are', () => {
    const links = [...README.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map((match) => match[1] ?? '');
    expect(links.length).toBeGreaterThan(3);
    expect(links.filter((link) => !existsSync(link))).toEqual([]);
  });
});
