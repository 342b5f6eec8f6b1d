// Import this first; then `await import('../src/….ts')` works. Imports that stand at the top of the same file run
// before it takes effect.
import { register } from 'node:module';

register('./hooks.mjs', import.meta.url);
