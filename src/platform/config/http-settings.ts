import { IntSetting } from './settings.decorators.js';

/** Limits of the HTTP server in each process. */
export class HttpSettings {
  @IntSetting({
    description: 'Time within which a request must have arrived completely, head and body.',
    unit: 'ms',
    min: 100,
    max: 300_000,
  })
  requestTimeoutMs: number = 10_000;

  @IntSetting({
    description:
      'Time for which an idle connection is kept. It must be longer than the keep-alive time of the proxy in front.',
    unit: 'ms',
    min: 100,
    max: 3_600_000,
  })
  keepAliveMs: number = 75_000;

  @IntSetting({
    description: 'Open connections; beyond them the connection that has been idle longest is closed.',
    unit: 'connections',
    min: 10,
    max: 1_000_000,
  })
  maxConnections: number = 10_000;

  @IntSetting({
    description:
      'Memory for bodies whose signature has not been checked yet; beyond it requests are answered with 503. One address may use a quarter of it.',
    unit: 'bytes',
    min: 1_048_576,
  })
  maxUnverifiedBytes: number = 67_108_864;

  @IntSetting({
    description:
      'Wrong credentials of one kind that one address may send per minute. See [floods](security.md#slow-and-hostile-clients).',
    unit: 'requests',
    min: 1,
    max: 1_000,
  })
  wrongCredentialsPerMinute: number = 100;
}
