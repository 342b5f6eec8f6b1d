import { AdminSettings } from './admin-settings.js';
import { AppSettings } from './app-settings.js';
import { HttpSettings } from './http-settings.js';
import { BlockSetting, BlocksSetting, IntSetting, NumberSetting } from './settings.decorators.js';

export class IntakeSettings {
  @IntSetting({ description: 'Maximum size of a webhook body.', unit: 'bytes', min: 1_024 })
  maxBodyBytes: number = 2_000_000;

  @IntSetting({
    description: 'Time for which a repeat of the same push event is recognised.',
    unit: 'minutes',
    min: 1,
    max: 1_440,
  })
  pushDedupeMinutes: number = 60;

  @IntSetting({
    description:
      'Time for which a repeat of the same SMS event is recognised. SMS bodies have neither id nor time, so equal bodies that are further apart are two events.',
    unit: 'minutes',
    min: 1,
    max: 1_440,
  })
  smsDedupeMinutes: number = 10;
}

export class DeliverySettings {
  @IntSetting({
    description: 'Time after acceptance during which a notification may be sent.',
    unit: 'minutes',
    min: 1,
  })
  lifetimeMinutes: number = 1_440;

  @IntSetting({
    description:
      'Maximum age of a push by its own `sentAt`; 0: any age. See [stolen requests](security.md#stolen-requests).',
    unit: 'minutes',
    min: 0,
  })
  maxAgeMinutes: number = 0;

  @IntSetting({ description: 'Attempts of one delivery.', unit: 'attempts', min: 1, max: 1_000 })
  maxAttempts: number = 50;

  @IntSetting({
    description: 'First wait between two attempts; each further one is twice as long.',
    unit: 'ms',
    min: 10,
  })
  backoffMs: number = 1_000;

  @IntSetting({
    description: 'Longest wait between two attempts, unless the vendor asks for more.',
    unit: 'ms',
    min: 10,
  })
  maxBackoffMs: number = 600_000;

  @IntSetting({
    description: 'Time for which a call rings; no ring is sent after it.',
    unit: 'seconds',
    min: 5,
    max: 300,
  })
  ringSeconds: number = 45;

  @IntSetting({
    description:
      'Deliveries that one process attempts concurrently on each queue, up to a quarter more for several provider accounts. While calls are in progress, fewer chat pushes and SMS are attempted.',
    unit: 'deliveries',
    min: 1,
    max: 2_000,
  })
  concurrency: number = 100;
}

export class LedgerSettings {
  @IntSetting({
    description:
      'Age at which a notification and everything about it is deleted, up to a fifteenth or a day later; retired devices and the audit log likewise.',
    unit: 'days',
    min: 1,
  })
  retentionDays: number = 30;
}

export class BrakeSettings {
  @IntSetting({
    description: 'Period that is considered before a device is retired.',
    unit: 'minutes',
    min: 1,
    max: 1_440,
  })
  windowMinutes: number = 5;

  @IntSetting({
    description:
      'Sends to dead addresses in that period that never engage the brake, for each app, provider and kind of device.',
    unit: 'sends',
    min: 0,
  })
  minRefusals: number = 20;

  @NumberSetting({
    description:
      'Share of all sends beyond which the brake engages, once `minRefusals` is exceeded; 100: no brake.',
    unit: 'per cent',
    min: 0,
    max: 100,
  })
  sharePercent: number = 10;

  @IntSetting({
    description: 'Devices that each process retires per hour while the brake is engaged.',
    unit: 'devices',
    min: 0,
  })
  tricklePerHour: number = 10;

  @IntSetting({
    description: "Duration of an operator's release of the brake.",
    unit: 'minutes',
    min: 1,
    max: 1_440,
  })
  releaseMinutes: number = 60;
}

export class DeviceSettings {
  @IntSetting({
    description:
      'Age at which a device is retired that was neither registered again nor sent a push that was accepted.',
    unit: 'days',
    min: 1,
  })
  retireAfterDays: number = 270;

  @BlockSetting(() => BrakeSettings, {
    description:
      'Brake on retiring devices: too many dead addresses at once indicate a mistake rather than dead devices.',
  })
  brake: BrakeSettings = new BrakeSettings();
}

export class CheckSettings {
  @IntSetting({
    description:
      'Time between two checks of each provider account, which send nothing; 0: accounts are only checked on demand.',
    unit: 'hours',
    min: 0,
    max: 168,
  })
  everyHours: number = 6;
}

/** The configuration file, validated. */
export class GatewayConfig {
  @BlocksSetting(() => AppSettings, { description: 'The CometChat apps.', minItems: 1 })
  apps: AppSettings[];

  @BlockSetting(() => IntakeSettings, { description: 'Incoming webhooks and the detection of repeats.' })
  intake: IntakeSettings = new IntakeSettings();

  @BlockSetting(() => HttpSettings, { description: 'Limits of the HTTP server in each process.' })
  http: HttpSettings = new HttpSettings();

  @BlockSetting(() => AdminSettings, { description: 'Actions of the operator.' })
  admin: AdminSettings = new AdminSettings();

  @BlockSetting(() => DeliverySettings, { description: 'Attempts to deliver.' })
  delivery: DeliverySettings = new DeliverySettings();

  @BlockSetting(() => CheckSettings, { description: 'Checks of provider accounts.' })
  checks: CheckSettings = new CheckSettings();

  @BlockSetting(() => DeviceSettings, {
    description: 'Upkeep of devices. A retired device gets nothing until it is registered again.',
  })
  devices: DeviceSettings = new DeviceSettings();

  @BlockSetting(() => LedgerSettings, { description: 'Retention of past notifications and retired devices.' })
  ledger: LedgerSettings = new LedgerSettings();
}
