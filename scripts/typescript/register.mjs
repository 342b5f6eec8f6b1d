// Import this first; then `await import('../src/….js')` reads the TypeScript file. The imports that stand at the top
// of the same file are resolved before it takes effect.
import { register } from 'node:module';
import { ensureClient } from '../prisma/client.mjs';

await ensureClient();
register('./hooks.mjs', import.meta.url);
