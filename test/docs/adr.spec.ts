import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const DIRECTORY = 'docs/adr';
const FILES = readdirSync(DIRECTORY).toSorted();
/** Longer than a page nobody reads it. */
const MOST_LINES = 60;
const HEADINGS = ['## Background', '## Decision', '## Consequence', '## How it is checked'];

const sources = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(m?js|ts)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));

describe('the decisions', () => {
  it('are numbered without a gap', () => {
    expect(FILES.map((file) => Number(file.slice(0, 4)))).toEqual(FILES.map((_, index) => index + 1));
  });

  it.each(FILES)('%s has its four parts on one page', (file) => {
    const text = readFileSync(path.join(DIRECTORY, file), 'utf8');
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('## '))).toEqual(HEADINGS);
    expect(lines[0]).toMatch(new RegExp(`^# ${file.slice(0, 4)} \\w`));
    expect(lines.length).toBeLessThan(MOST_LINES);
  });

  it.each(FILES)('%s names files that there are', (file) => {
    const text = readFileSync(path.join(DIRECTORY, file), 'utf8');
    const named = [...text.matchAll(/`((?:src|test|tools|scripts|docs|prisma)\/[\w./-]+)`/g)].map(
      (match) => match[1] ?? '',
    );
    expect(named.filter((name) => !existsSync(name))).toEqual([]);
  });

  it('are there wherever the code refers to one', () => {
    const numbers = ['src', 'test', 'tools', 'scripts']
      .flatMap(sources)
      .flatMap((file) => readFileSync(file, 'utf8').match(/\bADR (\d{4})\b/g) ?? [])
      .map((reference) => reference.slice(-4));
    expect(numbers).toContain('0004');
    expect(numbers.filter((number) => !FILES.some((file) => file.startsWith(number)))).toEqual([]);
  });
});
