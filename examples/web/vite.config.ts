import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The URL of the gateway. */
const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:4000/graphql';

export default defineConfig({
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    port: Number(process.env.WEB_PORT ?? 5173),
    // The budgets on the page about spending come from the metrics.
    proxy: Object.fromEntries(
      ['/graphql', '/metrics'].map((path) => [path, { target: new URL(gateway).origin }]),
    ),
  },
});
