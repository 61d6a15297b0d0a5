import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The URL of the gateway. */
const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:4000/graphql';

export default defineConfig({
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    port: Number(process.env.WEB_PORT ?? 5173),
    proxy: { '/graphql': { target: new URL(gateway).origin } },
  },
});
