import type { EnvironmentReading } from './read-environment.js';

/** What the configuration was read from, to tell where each setting comes from. */
export abstract class ConfigOrigins {
  abstract readonly reading: Pick<EnvironmentReading, 'environment' | 'given'>;
  /** The configuration file as written; the built-in demo configuration without one. */
  abstract readonly tree?: unknown;
}
