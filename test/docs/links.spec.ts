import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const CODE_BLOCK = /^```.*?^```/gms;

const filesIn = (directory: string, name: RegExp): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));

const PAGES = [
  ...readdirSync('.').filter((file) => file.endsWith('.md')),
  ...filesIn('docs', /\.md$/),
  'src/README.md',
];

/** The anchors of a page's headings, as GitHub forms them. */
function anchorsOf(page: string): Set<string> {
  const text = readFileSync(page, 'utf8').replaceAll(CODE_BLOCK, '');
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.matchAll(/^#+ (.+)$/gm)) {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n += 1) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** The links of a page to files of this repository, relative to its root. */
function linksOf(page: string): { file: string; anchor: string }[] {
  const text = readFileSync(page, 'utf8').replaceAll(CODE_BLOCK, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [target = '', anchor = ''] = link.split('#');
      return { file: target === '' ? page : path.join(path.dirname(page), target), anchor };
    });
}

function isBroken({ file, anchor }: { file: string; anchor: string }): boolean {
  if (!existsSync(file)) return true;
  return anchor !== '' && !(statSync(file).isFile() && anchorsOf(file).has(anchor));
}

describe('links between pages', () => {
  it.each(PAGES)('resolve, including their anchors: %s', (page) => {
    const broken = linksOf(page).filter(isBroken);
    expect(broken.map(({ file, anchor }) => `${file}#${anchor}`)).toEqual([]);
  });

  it('count as broken for a wrong file or anchor', () => {
    expect(linksOf('README.md').length).toBeGreaterThan(10);
    expect(isBroken({ file: 'docs/storage.md', anchor: 'the-spool' })).toBe(false);
    expect(isBroken({ file: 'docs/storage.md', anchor: 'the-spools' })).toBe(true);
    expect(isBroken({ file: 'docs/none.md', anchor: '' })).toBe(true);
  });

  it('lead from the index of docs/ to each of its pages', () => {
    const linked = new Set(linksOf('docs/README.md').map(({ file }) => file));
    const pages = readdirSync('docs').filter((file) => file.endsWith('.md') && file !== 'README.md');
    expect(pages.filter((file) => !linked.has(path.join('docs', file)))).toEqual([]);
  });

  it('name existing pages in code, configuration and tests', () => {
    const files = ['src', 'test', 'tools', 'scripts', 'docker']
      .flatMap((directory) => filesIn(directory, /\.(ts|m?js|ya?ml|sh)$/))
      .concat('bellhop.example.yaml', 'docker-compose.yml', '.env.example');
    const named = files
      .filter((file) => !file.endsWith('links.spec.ts'))
      .flatMap((file) => readFileSync(file, 'utf8').match(/\bdocs\/[\w-]+\.md\b/g) ?? []);
    expect(named).not.toEqual([]);
    expect(named.filter((file) => isBroken({ file, anchor: '' }))).toEqual([]);
  });
});
