import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Upper bounds of the buckets of `secondsToVendor`. */
export const SECONDS_TO_VENDOR = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3_600];

/** Upper bounds of the buckets of `attemptSeconds`. */
export const ATTEMPT_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * The metrics at `/metrics`; docs/metrics.md is generated from them. No label contains personal data.
 *
 * `aggregator` states how the values of several processes behind one port become one; without it they are added up.
 * `first`: all processes read the same from a store, so that the value of one of them is taken.
 */
export class Metrics {
  readonly registry = new Registry();

  /** Always 1, so that its sum is their number. */
  readonly processes = new Gauge({
    name: 'bellhop_processes',
    help: 'Running processes that these metrics are of: more than one with `PROCESSES`.',
    registers: [this.registry],
  });

  readonly webhooks = new Counter({
    name: 'bellhop_webhooks_total',
    help: 'Webhooks by route and answer: accepted, duplicate, or the code of the error.',
    labelNames: ['route', 'answer'],
    registers: [this.registry],
  });

  readonly apiNotifications = new Counter({
    name: 'bellhop_api_notifications_total',
    help: 'Notifications that backends requested, by channel and answer: accepted or duplicate.',
    labelNames: ['channel', 'answer'],
    registers: [this.registry],
  });

  readonly wrongCredentials = new Counter({
    name: 'bellhop_wrong_credentials_total',
    help: 'Requests with wrong credentials by route and kind: webhook, signature, callback, api_key, jwt, auth_token or operator.',
    labelNames: ['route', 'kind'],
    registers: [this.registry],
  });

  readonly spooled = new Counter({
    name: 'bellhop_spool_total',
    help: 'Events of the local spool by result: spooled, drained, refused (full, or the disk failed) or corrupt (kept for an operator).',
    labelNames: ['result'],
    registers: [this.registry],
  });

  readonly spoolEvents = new Gauge({
    name: 'bellhop_spool_events',
    help: 'Events in the spool of the process that are not in the queue yet.',
    registers: [this.registry],
  });

  readonly spoolBytes = new Gauge({
    name: 'bellhop_spool_bytes',
    help: 'Size of the spool of the process on disk, in bytes.',
    registers: [this.registry],
  });

  readonly attempts = new Counter({
    name: 'bellhop_attempts_total',
    help: 'Attempts to send.',
    labelNames: ['app', 'channel', 'provider', 'outcome'],
    registers: [this.registry],
  });

  readonly attemptSeconds = new Histogram({
    name: 'bellhop_attempt_seconds',
    help: "Time of an attempt to send, until the vendor's answer; kind: of the device, or sms.",
    labelNames: ['app', 'channel', 'provider', 'kind', 'outcome'],
    buckets: ATTEMPT_SECONDS,
    registers: [this.registry],
  });

  readonly deliveries = new Counter({
    name: 'bellhop_deliveries_settled_total',
    help: 'Deliveries that reached a final status.',
    labelNames: ['app', 'channel', 'status', 'reason'],
    registers: [this.registry],
  });

  readonly secondsToVendor = new Histogram({
    name: 'bellhop_webhook_to_vendor_seconds',
    help: 'Time from accepting a webhook to the vendor accepting its message.',
    labelNames: ['channel', 'kind'],
    buckets: SECONDS_TO_VENDOR,
    registers: [this.registry],
  });

  readonly smsReports = new Counter({
    name: 'bellhop_sms_delivery_reports_total',
    help: 'Delivery reports of SMS as they arrive, repeats included; status: accepted, delivered or failed.',
    labelNames: ['app', 'provider', 'status'],
    registers: [this.registry],
  });

  readonly smsInbound = new Counter({
    name: 'bellhop_sms_inbound_total',
    help: 'Incoming SMS; kind: stop, start, help or other.',
    labelNames: ['app', 'provider', 'kind'],
    registers: [this.registry],
  });

  readonly providerState = new Gauge({
    name: 'bellhop_provider_state',
    help: 'Circuit breaker of each provider account: 0 closed, 1 paused because the vendor asked for it, 2 open because the account fails.',
    labelNames: ['app', 'channel', 'provider'],
    aggregator: 'max',
    registers: [this.registry],
  });

  readonly providerCheckOk = new Gauge({
    name: 'bellhop_provider_check_ok',
    help: 'Last check of each provider account: 1 in order, 0 refused by the vendor, 0.5 undecided. All processes export the same.',
    labelNames: ['app', 'channel', 'provider', 'type'],
    aggregator: 'first',
    registers: [this.registry],
  });

  readonly providerCheckFailures = new Gauge({
    name: 'bellhop_provider_check_failures',
    help: 'Consecutive failed checks of each provider account. Alert from 2 on.',
    labelNames: ['app', 'channel', 'provider', 'type'],
    aggregator: 'first',
    registers: [this.registry],
  });

  readonly providerCheckedAt = new Gauge({
    name: 'bellhop_provider_check_timestamp_seconds',
    help: 'Time of that check, in seconds since the epoch.',
    labelNames: ['app', 'channel', 'provider', 'type'],
    aggregator: 'first',
    registers: [this.registry],
  });

  readonly providerBalance = new Gauge({
    name: 'bellhop_provider_balance',
    help: 'Credit left on the account, where the vendor says it.',
    labelNames: ['app', 'channel', 'provider', 'type', 'currency'],
    aggregator: 'first',
    registers: [this.registry],
  });

  readonly clockSkew = new Gauge({
    name: 'bellhop_clock_skew_seconds',
    help: "A vendor's clock minus that of the worker that checked last, in seconds. Vendors state whole seconds.",
    labelNames: ['app', 'channel', 'provider', 'vendor'],
    aggregator: 'first',
    registers: [this.registry],
  });

  readonly credentialExpiry = new Gauge({
    name: 'bellhop_credential_expiry_timestamp_seconds',
    help: 'When the first certificate of a `caFile` expires, in seconds since the epoch.',
    labelNames: ['app', 'channel', 'provider', 'type'],
    aggregator: 'first',
    registers: [this.registry],
  });

  readonly queuedJobs = new Gauge({
    name: 'bellhop_queue_jobs',
    help: 'Jobs by queue and state.',
    labelNames: ['queue', 'state'],
    aggregator: 'first',
    registers: [this.registry],
  });

  readonly devicesRetired = new Counter({
    name: 'bellhop_devices_retired_total',
    help: 'Devices that were retired.',
    labelNames: ['app', 'reason'],
    registers: [this.registry],
  });

  readonly retirementsBraked = new Counter({
    name: 'bellhop_retirements_braked_total',
    help: 'Devices kept although their vendor called them dead, because it called too many dead at once.',
    labelNames: ['app', 'provider', 'kind'],
    registers: [this.registry],
  });

  readonly lastBraked = new Gauge({
    name: 'bellhop_retirement_last_braked_timestamp_seconds',
    help: 'Time at which a process last kept a device for that reason, in seconds since the epoch. Alert while time() less this is under 600.',
    labelNames: ['app', 'provider', 'kind'],
    aggregator: 'max',
    registers: [this.registry],
  });

  readonly smsSegments = new Counter({
    name: 'bellhop_sms_segments_total',
    help: 'Segments of SMS that a vendor has accepted or may have accepted.',
    labelNames: ['app', 'provider', 'country'],
    registers: [this.registry],
  });

  readonly smsCost = new Counter({
    name: 'bellhop_sms_cost_total',
    help: 'Cost of those segments by the prices in sms.guard.',
    labelNames: ['app', 'provider', 'country', 'currency'],
    registers: [this.registry],
  });

  readonly smsGuardStopped = new Counter({
    name: 'bellhop_sms_guard_stopped_total',
    help: 'SMS that a limit of sms.guard has stopped.',
    labelNames: ['app', 'limit'],
    registers: [this.registry],
  });

  readonly lastPumping = new Gauge({
    name: 'bellhop_sms_pumping_last_suspected_timestamp_seconds',
    help: 'Time at which a process last stopped an SMS because too many went to neighbouring numbers, in seconds since the epoch. Alert while time() less this is under 600.',
    labelNames: ['app'],
    aggregator: 'max',
    registers: [this.registry],
  });

  constructor() {
    this.processes.set(1);
    collectDefaultMetrics({ register: this.registry, prefix: 'bellhop_' });
  }
}
