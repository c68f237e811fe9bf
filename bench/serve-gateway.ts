// Process: the gateway under load, logging as in production.
import pino from 'pino';
import { answer } from './answering.ts';
import { gatewayAlone } from './gateway-alone.ts';
import { root } from './root.ts';

const logger = pino(
  { base: null, timestamp: pino.stdTimeFunctions.isoTime },
  pino.destination({ dest: 2, sync: false }),
);
const { RENKEI_ISSUER } = process.env;
const { gateway, stores, close } = await gatewayAlone(process.env, root, (event, fields) =>
  logger.info({ event, ...fields }),
);
process.once('SIGTERM', () => void close().finally(() => process.exit(0)));
answer(RENKEI_ISSUER, { settle: () => gateway.deliver() }, () => ({
  commands: stores.state.commands,
  roundTrips: stores.state.roundTrips,
  statements: stores.database.statements(),
}));
