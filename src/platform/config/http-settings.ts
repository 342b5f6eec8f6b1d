import { IsInt, Max, Min } from 'class-validator';
import { NumberSetting } from './settings.decorators.js';

/** What clients may ask of the HTTP server, each process for itself. */
export class HttpSettings {
  /** The time within which a request must have arrived whole, head and body, in milliseconds. */
  @NumberSetting()
  @IsInt()
  @Min(100)
  @Max(300_000)
  requestTimeoutMs: number = 10_000;

  /** How long a connection is kept between two requests, in milliseconds: longer than the proxy in front keeps it. */
  @NumberSetting()
  @IsInt()
  @Min(100)
  @Max(3_600_000)
  keepAliveMs: number = 75_000;

  /** Connections at once; beyond them the one that has been idle longest makes room. */
  @NumberSetting()
  @IsInt()
  @Min(10)
  @Max(1_000_000)
  maxConnections: number = 10_000;

  /** Bytes in memory at once of bodies whose signature has yet to be checked; one address may hold a quarter. */
  @NumberSetting()
  @IsInt()
  @Min(1_048_576)
  maxUnverifiedBytes: number = 67_108_864;

  /** Wrong credentials of one kind that one address may try within a minute. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(1_000)
  wrongCredentialsPerMinute: number = 100;
}
