import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface LockFile {
  readonly packages: Readonly<Record<string, { integrity?: string; link?: boolean }>>;
}

describe('package-lock.json', () => {
  it('contains the hash of every package, including those for other systems', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as LockFile;
    const unchecked = Object.entries(packages)
      .filter(([path, { integrity, link }]) => path !== '' && !link && !integrity?.startsWith('sha512-'))
      .map(([path]) => path);
    expect(unchecked).toEqual([]);
  });
});
