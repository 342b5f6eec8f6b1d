import { afterEach } from '@jest/globals';

interface Closable {
  close(): Promise<unknown>;
}

/** @returns a function that takes what a test opens; it is closed after that test, the last one first. */
export function closeAfterEach(): (...opened: readonly Closable[]) => void {
  const open: Closable[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  return (...opened) => {
    open.push(...opened);
  };
}
