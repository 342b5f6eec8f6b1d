import { readFileSync } from 'node:fs';

/** The version of this program, as in its package. */
export const VERSION = versionOf(new URL('../../../package.json', import.meta.url));

function versionOf(file: URL): string {
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof manifest !== 'object' || manifest === null || !('version' in manifest)) return 'unknown';
  return String(manifest.version);
}
