import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS_TO_VENDOR = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];

/** Every figure that the gateway publishes at `/metrics`. No label ever holds a person's data. */
export class Metrics {
  readonly registry = new Registry();

  readonly webhooks = new Counter({
    name: 'bellhop_webhooks_total',
    help: 'Webhooks by route and answer (accepted, duplicate, or the code of the error).',
    labelNames: ['route', 'answer'],
    registers: [this.registry],
  });

  readonly apiNotifications = new Counter({
    name: 'bellhop_api_notifications_total',
    help: 'Notifications that backends asked for, by channel and answer (accepted, duplicate).',
    labelNames: ['channel', 'answer'],
    registers: [this.registry],
  });

  readonly wrongCredentials = new Counter({
    name: 'bellhop_wrong_credentials_total',
    help: 'Requests with wrong credentials by route and kind (webhook, signature, callback, api_key, jwt, auth_token, operator).',
    labelNames: ['route', 'kind'],
    registers: [this.registry],
  });

  readonly spooled = new Counter({
    name: 'bellhop_spool_total',
    help: 'Events of the local spool by result: spooled, drained, refused (full, or the disk failed), corrupt (set aside).',
    labelNames: ['result'],
    registers: [this.registry],
  });

  readonly spoolEvents = new Gauge({
    name: 'bellhop_spool_events',
    help: 'Events that this process has on its disk and not yet in the queue.',
    registers: [this.registry],
  });

  readonly spoolBytes = new Gauge({
    name: 'bellhop_spool_bytes',
    help: 'What they take on disk, in bytes.',
    registers: [this.registry],
  });

  readonly attempts = new Counter({
    name: 'bellhop_attempts_total',
    help: 'Attempts to send by app, channel, provider and outcome.',
    labelNames: ['app', 'channel', 'provider', 'outcome'],
    registers: [this.registry],
  });

  readonly deliveries = new Counter({
    name: 'bellhop_deliveries_settled_total',
    help: 'Deliveries that reached a final status, by app, channel, status and reason.',
    labelNames: ['app', 'channel', 'status', 'reason'],
    registers: [this.registry],
  });

  readonly secondsToVendor = new Histogram({
    name: 'bellhop_webhook_to_vendor_seconds',
    help: 'From the receipt of a webhook to the answer of the vendor that accepted it.',
    labelNames: ['channel', 'kind'],
    buckets: SECONDS_TO_VENDOR,
    registers: [this.registry],
  });

  readonly smsReceipts = new Counter({
    name: 'bellhop_sms_receipts_total',
    help: 'Delivery receipts of texts as they came, repeats included, by app, provider and status (accepted, delivered, failed).',
    labelNames: ['app', 'provider', 'status'],
    registers: [this.registry],
  });

  readonly smsInbound = new Counter({
    name: 'bellhop_sms_inbound_total',
    help: 'Texts that people have sent, by app, provider and kind (stop, start, help, other).',
    labelNames: ['app', 'provider', 'kind'],
    registers: [this.registry],
  });

  readonly providerState = new Gauge({
    name: 'bellhop_provider_state',
    help: 'Accounts by app, channel and provider: 0 well, 1 left alone as it asked, 2 left alone because it fails.',
    labelNames: ['app', 'channel', 'provider'],
    registers: [this.registry],
  });

  readonly queuedJobs = new Gauge({
    name: 'bellhop_queue_jobs',
    help: 'Jobs by lane and state.',
    labelNames: ['lane', 'state'],
    registers: [this.registry],
  });

  readonly devicesRetired = new Counter({
    name: 'bellhop_devices_retired_total',
    help: 'Devices that are not used any more, by app and reason.',
    labelNames: ['app', 'reason'],
    registers: [this.registry],
  });

  readonly retirementsBraked = new Counter({
    name: 'bellhop_retirements_braked_total',
    help: 'Devices kept although their vendor called them dead, because it said so of too many at once.',
    labelNames: ['app', 'provider', 'kind'],
    registers: [this.registry],
  });

  /** For an alarm such as `time() - bellhop_retirement_last_braked_timestamp_seconds < 600`. */
  readonly lastBraked = new Gauge({
    name: 'bellhop_retirement_last_braked_timestamp_seconds',
    help: 'When this process last kept a device for that reason, in seconds since the epoch.',
    labelNames: ['app', 'provider', 'kind'],
    registers: [this.registry],
  });

  readonly smsSegments = new Counter({
    name: 'bellhop_sms_segments_total',
    help: 'Segments of texts that a vendor has taken or may have taken, by app, provider and country.',
    labelNames: ['app', 'provider', 'country'],
    registers: [this.registry],
  });

  readonly smsCost = new Counter({
    name: 'bellhop_sms_cost_total',
    help: 'What they cost by the prices of sms.guard, by app, provider and currency.',
    labelNames: ['app', 'provider', 'currency'],
    registers: [this.registry],
  });

  readonly smsGuardStopped = new Counter({
    name: 'bellhop_sms_guard_stopped_total',
    help: 'Texts that the cost guard has stopped, by app and limit.',
    labelNames: ['app', 'limit'],
    registers: [this.registry],
  });

  /** For an alarm such as `time() - bellhop_sms_pumping_last_suspected_timestamp_seconds < 600`. */
  readonly lastPumping = new Gauge({
    name: 'bellhop_sms_pumping_last_suspected_timestamp_seconds',
    help: 'When this process last stopped a text because of too many to its prefix, in seconds since the epoch.',
    labelNames: ['app'],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry, prefix: 'bellhop_' });
  }
}
