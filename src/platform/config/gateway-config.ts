import { Type } from 'class-transformer';
import { ArrayNotEmpty, IsArray, IsInt, IsNumber, Max, Min, ValidateNested } from 'class-validator';
import { AdminSettings } from './admin-settings.js';
import { AppSettings } from './app-settings.js';
import { HttpSettings } from './http-settings.js';
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

  /** How old a push may be by its own `sentAt`, in minutes; 0: it is not looked at. */
  @NumberSetting()
  @IsInt()
  @Min(0)
  maxAgeMinutes: number = 0;

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

/** When the retiring of devices is held up: too many at once speak of a mistake rather than of dead phones. */
export class BrakeSettings {
  /** The time that is looked back upon, in minutes. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(1_440)
  windowMinutes: number = 5;

  /** Refusals of this kind that are never too many, for each app, provider and kind of device. */
  @NumberSetting()
  @IsInt()
  @Min(0)
  minRefusals: number = 20;

  /** Beyond that, the share of all sends that may be refused so, in per cent; 100: there is no brake. */
  @NumberSetting()
  @IsNumber()
  @Min(0)
  @Max(100)
  sharePercent: number = 10;

  /** Devices that one process retires in an hour while the brake holds; 0: none. */
  @NumberSetting()
  @IsInt()
  @Min(0)
  tricklePerHour: number = 10;

  /** How long an operator's release lasts, in minutes. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  @Max(1_440)
  releaseMinutes: number = 60;
}

/** How the devices of persons are kept. */
export class DeviceSettings {
  /** Days after which a device that was not registered again is retired. */
  @NumberSetting()
  @IsInt()
  @Min(1)
  retireAfterDays: number = 270;

  @ValidateNested()
  @Type(() => BrakeSettings)
  brake: BrakeSettings = new BrakeSettings();
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
  @Type(() => HttpSettings)
  http: HttpSettings = new HttpSettings();

  @ValidateNested()
  @Type(() => AdminSettings)
  admin: AdminSettings = new AdminSettings();

  @ValidateNested()
  @Type(() => DeliverySettings)
  delivery: DeliverySettings = new DeliverySettings();

  @ValidateNested()
  @Type(() => DeviceSettings)
  devices: DeviceSettings = new DeviceSettings();

  @ValidateNested()
  @Type(() => LedgerSettings)
  ledger: LedgerSettings = new LedgerSettings();
}
