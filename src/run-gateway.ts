import { startGateway, type Gateway, type GatewayOptions } from './bootstrap.js';
import { Lifecycle, STOP_WITHIN_MS } from './lifecycle.js';

/** Runs this process as the gateway in its configured role, until it is stopped. */
export function runGateway(
  options: GatewayOptions,
  onListening: (gateway: Gateway) => void,
): Lifecycle<Gateway> {
  const { settings, logger } = options;
  const lifecycle = new Lifecycle<Gateway>(logger, settings.shutdownDelayMs + STOP_WITHIN_MS);
  void lifecycle.run(
    () => startGateway(options),
    (gateway) => {
      const { url, opsUrl } = gateway;
      const queue = settings.redisUrl === undefined ? 'postgres' : 'redis';
      logger.info({ url, opsUrl, queue }, 'process.listening');
      onListening(gateway);
    },
  );
  return lifecycle;
}
