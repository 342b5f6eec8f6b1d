import { existsSync } from 'node:fs';
import path from 'node:path';

/** Names of the program by distribution. */
export const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** @returns {string | undefined} the path of a Chromium on the PATH */
export function findChromium() {
  const directories = (process.env['PATH'] ?? '').split(path.delimiter).filter(Boolean);
  return CHROMIUM_NAMES.flatMap((name) => directories.map((directory) => path.join(directory, name))).find(
    (file) => existsSync(file),
  );
}
