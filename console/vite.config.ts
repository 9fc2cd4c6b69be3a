import react from '@vitejs/plugin-react';
import type { UserConfig } from 'vite';
import { compressed } from './vite/compress.ts';
import { preloadFont } from './vite/preload-font.ts';
import { themeCss } from './vite/theme-css.ts';

/**
 * Few files instead of one for each shared module: a browser has six connections, and each further file costs a round trip.
 * What the first page needs stands alone in two.
 */
const chunkGroups = [
  { name: 'libraries', tags: ['$initial' as const], test: /node_modules/, priority: 3 },
  { name: 'frame', tags: ['$initial' as const], priority: 2 },
  // With what they need: the browser fetches it when it is idle, and pages with dialogs find it there.
  { name: 'dialogs', test: /src\/app\/shell\/(palette|help-dialog)\.tsx$/, priority: 2 },
  { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 6000, priority: 1 },
];

/** Shared chunks are called after everything that shares them. */
const shortName = (name: string): string => name.replace(/\.\w+$/, '').replace(/~.*/, '');

/** Where `drydock serve` listens while the console is developed. */
const service = 'http://127.0.0.1:8480';

const config: UserConfig = {
  plugins: [themeCss(), react(), preloadFont(), compressed()],
  build: {
    target: 'es2023',
    // Everything is a file of its own: `data:` and inline code are what the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: chunkGroups },
        chunkFileNames: ({ name }) => `assets/${shortName(name)}-[hash].js`,
        assetFileNames: ({ names }) => `assets/${shortName(names[0] ?? '')}-[hash][extname]`,
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': service,
      '/livez': service,
      // As an object, so that `Host` goes on as it is: it is signed.
      '^/v[35]/': { target: service },
      // Signed calls of the Alibaba dialect share their path with the console.
      '^/(\\?.*)?$': {
        target: service,
        bypass: ({ headers, url }) => (headers['x-acs-action'] === undefined ? url : undefined),
      },
    },
  },
};

// Vite asks for a default export.
// biome-ignore lint/style/noDefaultExport: Vite asks for it
export default config;
