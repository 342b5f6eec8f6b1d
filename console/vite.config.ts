import path from 'node:path';
import { defineConfig } from 'vite';

const HERE = import.meta.dirname;

/** Builds the console into `dist/console`. The policy of its pages allows no inline code and no data: URLs. */
export default defineConfig({
  root: HERE,
  base: '/admin/',
  publicDir: false,
  cacheDir: path.join(HERE, '../node_modules/.vite'),
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: {
    outDir: path.join(HERE, '../dist/console'),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      // 'use client' of packages means nothing here.
      onLog: (level, log, show) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') show(level, log);
      },
    },
  },
});
