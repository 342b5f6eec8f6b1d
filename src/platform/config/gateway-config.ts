import { Type } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsInt, Max, Min, ValidateNested } from 'class-validator';
import { AppSettings } from './app-settings.js';
import { NumberSetting } from './settings.decorators.js';

/** What comes in, and for how long a repeat of it is recognised. */
export class IntakeSettings {
  /** The largest webhook body, in bytes. */
  @NumberSetting()
  @IsInt()
  @Min(1_024)
  maxBodyBytes: number = 2_000_000;

  /** How long a repeat of the same push event is recognised, in minutes. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(1_440)
  pushDedupeMinutes: number = 60;

  /** The same for SMS, whose bodies carry no id: two equal bodies further apart are two events. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(1_440)
  smsDedupeMinutes: number = 10;
}

/** How deliveries are attempted. */
export class DeliverySettings {
  /** How long after receipt a notification may still be sent, in minutes. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  lifetimeMinutes: number = 1_440;

  /** How often one delivery is attempted at most. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(1_000)
  maxAttempts: number = 50;

  /** The first wait between two attempts, in milliseconds; each further one is twice as long. */
  @NumberSetting()
  @IsInt()
  @Min(10)
  backoffMs: number = 1_000;

  /** The longest wait between two attempts, unless the vendor asks for more, in milliseconds. */
  @NumberSetting()
  @IsInt()
  @Min(10)
  maxBackoffMs: number = 600_000;

  /** How long a call rings, in seconds: past that no ring is sent. */
  @NumberSetting()
  @IsInt()
  @Min(5)
  @Max(300)
  ringSeconds: number = 45;

  /** Deliveries that one process attempts at once, for each lane (push, calls, SMS). */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(2_000)
  concurrency: number = 100;
}

/** What the gateway remembers of past notifications. */
export class LedgerSettings {
  /** Days after which a notification and all about it is deleted. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  retentionDays: number = 30;
}

/** The configuration file, checked. */
export class GatewayConfig {
  @IsArray()
  @ArrayNotEmpty({ message: 'must name at least one app' })
  @ValidateNested({ each: true })
  @Type(() => AppSettings)
  apps: AppSettings[];

  @ValidateNested()
  @Type(() => IntakeSettings)
  intake: IntakeSettings = new IntakeSettings();

  @ValidateNested()
  @Type(() => DeliverySettings)
  delivery: DeliverySettings = new DeliverySettings();

  @ValidateNested()
  @Type(() => LedgerSettings)
  ledger: LedgerSettings = new LedgerSettings();
}
