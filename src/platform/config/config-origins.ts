import type { EnvironmentReading } from './read-environment.js';

/** The environment and file that the configuration was read from; they tell the source of each setting. */
export abstract class ConfigOrigins {
  abstract readonly reading: Pick<EnvironmentReading, 'environment' | 'given'>;
  /** The configuration file as written; the built-in demo configuration without one. */
  abstract readonly tree?: unknown;
}
