// Process: a bare Koa answer. The bytes that the gateway's discovery has, prepared, with their type, and nothing else.
import { once } from 'node:events';
import Koa from 'koa';
import { answer } from './answering.ts';

const { BENCH_BODY = '', BENCH_PORT = '' } = process.env;
const body = Buffer.from(BENCH_BODY, 'base64');
const app = new Koa();
app.use((ctx) => {
  ctx.type = 'application/json; charset=utf-8';
  ctx.body = body;
});
const server = app.listen(Number(BENCH_PORT), '127.0.0.1');
await once(server, 'listening');
answer(`http://127.0.0.1:${BENCH_PORT}`);
