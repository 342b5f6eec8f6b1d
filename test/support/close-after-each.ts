import { afterEach } from '@jest/globals';

interface Closable {
  close(): Promise<unknown>;
}

/** @returns a function that registers a resource; resources are closed after each test, the latest first. */
export function closeAfterEach(): (...opened: readonly Closable[]) => void {
  const open: Closable[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });
  return (...opened) => {
    open.push(...opened);
  };
}
