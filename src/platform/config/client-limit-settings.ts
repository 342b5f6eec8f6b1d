import { IsInt, Max, Min } from 'class-validator';
import { NumberSetting } from './settings.decorators.js';

/** How much the clients of one app may ask for and leave behind. The rates hold for each process. */
export class ClientLimitSettings {
  /** Requests of one user within a minute. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  perUserPerMinute: number = 60;

  /** Requests from one address within a minute: many phones share one behind a carrier. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  perAddressPerMinute: number = 6_000;

  /** Read receipts that are kept of one user; beyond them the oldest are deleted. */
  @NumberSetting()
  @IsInt()
  @Min(100)
  @Max(1_000_000)
  receiptsPerUser: number = 1_000;
}
