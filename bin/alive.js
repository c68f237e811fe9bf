// Exits with 0 when the gateway of this container is alive: the image's health check. It says the issuer's host name,
// because a gateway answers to no other.
import { get } from 'node:http';

const port = Number(process.env.RENKEI_PORT ?? 3000);
const host = new URL(process.env.RENKEI_ISSUER ?? `http://localhost:${port}`).host;

get({ host: '127.0.0.1', port, path: '/health/live', headers: { host }, timeout: 2_000 }, (answer) => {
  process.exit(answer.statusCode === 200 ? 0 : 1);
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
