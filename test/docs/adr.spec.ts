import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const DIRECTORY = 'docs/adr';
const INDEX = 'README.md';
const FILES = readdirSync(DIRECTORY)
  .filter((file) => file !== INDEX)
  .toSorted();
/** One page. */
const MOST_LINES = 60;
const HEADINGS = ['## Background', '## Decision', '## Consequence', '## How it is checked'];

const sources = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(m?js|ts)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));

const read = (file: string): string => readFileSync(path.join(DIRECTORY, file), 'utf8');

describe('the architecture decision records', () => {
  it('have consecutive numbers', () => {
    expect(FILES.map((file) => Number(file.slice(0, 4)))).toEqual(FILES.map((_, index) => index + 1));
  });

  it.each(FILES)('have their four parts on one page: %s', (file) => {
    const text = read(file);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('## '))).toEqual(HEADINGS);
    expect(lines[0]).toMatch(new RegExp(`^# ${file.slice(0, 4)} \\w`));
    expect(lines.length).toBeLessThan(MOST_LINES);
  });

  it.each(FILES)('name existing files only: %s', (file) => {
    const text = read(file);
    const named = [...text.matchAll(/`((?:src|test|tools|scripts|docs|prisma)\/[\w./-]+)`/g)].map(
      (match) => match[1] ?? '',
    );
    expect(named.filter((name) => !existsSync(name))).toEqual([]);
  });

  it('are listed in the index by number and title', () => {
    const listed = [...read(INDEX).matchAll(/^\| \[(\d{4})\]\(([\w.-]+)\) +\| (.+?) +\|/gm)].map(
      ([, number, file, title]) => ({ file, heading: `# ${number} ${title}` }),
    );
    expect(listed).toEqual(FILES.map((file) => ({ file, heading: read(file).split('\n')[0] })));
  });

  it('exist for every reference in the code', () => {
    const numbers = ['src', 'test', 'tools', 'scripts']
      .flatMap(sources)
      .flatMap((file) => readFileSync(file, 'utf8').match(/\bADR (\d{4})\b/g) ?? [])
      .map((reference) => reference.slice(-4));
    expect(numbers).toContain('0004');
    expect(numbers.filter((number) => !FILES.some((file) => file.startsWith(number)))).toEqual([]);
  });
});
