import react from '@vitejs/plugin-react';
import type { UserConfig } from 'vite';
import { compressed } from './vite/compress.ts';
import { themeCss } from './vite/theme-css.ts';

/** Where `drydock serve` listens while the console is developed. */
const service = 'http://127.0.0.1:8480';

const config: UserConfig = {
  plugins: [themeCss(), react(), compressed()],
  build: {
    target: 'es2023',
    // Everything is a file of its own: `data:` and inline code are what the content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    reportCompressedSize: false,
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
