import { fileURLToPath, URL } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { fixtures } from './dev/plugin.ts';

// Modes: the default proxies /api to a running jinyang, at JINYANG_ADDRESS; "fixtures" answers it
// from dev/, for work on the console alone. Fixtures never enter the build.
export default defineConfig(({ mode }) => ({
  plugins: [vue(), ...(mode === 'fixtures' ? [fixtures()] : [])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: {
    __VUE_OPTIONS_API__: true, // Element Plus still has components that need it
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __VUE_I18N_LEGACY_API__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    outDir: '../internal/console/dist',
    emptyOutDir: false, // dist/.gitkeep must stay; scripts/clean.mjs empties the rest
    target: 'es2022',
    assetsInlineLimit: 0, // the content security policy allows no data: scripts or fonts
    chunkSizeWarningLimit: 1200, // MapLibre and ECharts, both loaded after the first view
  },
  server: mode === 'fixtures' ? {} : { proxy: { '/api': process.env.JINYANG_ADDRESS ?? 'http://127.0.0.1:8080' } },
  test: { environment: 'jsdom', include: ['tests/**/*.test.ts'] },
}));
