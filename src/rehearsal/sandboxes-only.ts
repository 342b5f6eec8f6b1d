import type { Channel } from '../domain/notification.js';
import type { AppSettings } from '../platform/config/app-settings.js';
import { GatewayError, type Fault } from '../platform/errors/gateway-error.js';

/**
 * Makes sure that whatever is played to an app reaches no real phone.
 *
 * @throws GatewayError `SANDBOX.REAL_VENDOR` unless all providers of these channels are sandboxes, one at least of the
 *   first channel.
 */
export function assertSandboxes(
  app: AppSettings,
  [channel, ...others]: readonly [Channel, ...Channel[]],
): void {
  const errors: Fault[] = [channel, ...others].flatMap((each) =>
    app[each].providers
      .filter(({ type }) => type !== 'sandbox')
      .map(({ id, type }) => faultOf(`has the ${each} provider ${id} of type ${type}, which is no sandbox`)),
  );
  if (app[channel].providers.length === 0) errors.push(faultOf(`has no ${channel} provider`));
  if (errors.length > 0) throw new GatewayError('SANDBOX.REAL_VENDOR', { errors });
}

const faultOf = (problem: string): Fault => ({ path: 'appId', problem: `names an app that ${problem}` });
