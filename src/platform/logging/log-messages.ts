/** One message of the log. `docs/logs.md` is generated from this table. */
interface LogMessageDeclaration {
  /** Levels at which it is logged. */
  readonly level: string;
  /** Fields beside `time`, `level` and `role`, separated by commas. */
  readonly fields: string;
  /** Markdown. */
  readonly meaning: string;
}

/** Every message of the log, except for those of NestJS, which are logged at `debug`, `warn` and `error`. */
export const LOG_MESSAGES = {
  'process.listening': {
    level: 'info',
    fields: 'url, opsUrl, queue',
    meaning: 'The process accepts requests.',
  },
  'process.supervisor_gone': {
    level: 'error',
    fields: '',
    meaning: 'The supervisor of this process was killed: the process stops in order.',
  },
  'supervisor.listening': {
    level: 'info',
    fields: 'url, opsUrl, processes',
    meaning: 'All processes of `PROCESSES` accept requests.',
  },
  'supervisor.process_ended': {
    level: 'warn, error',
    fields: 'pid, code, signal, ranMs, pauseMs',
    meaning:
      'A process exited by itself or was killed; another is started after `pauseMs`. `code` or `signal`: how it ended.',
  },
  'supervisor.process_started': {
    level: 'info',
    fields: 'pid',
    meaning: 'A process was started in place of one that ended; `process.listening` follows.',
  },
  'supervisor.process_killed': {
    level: 'error',
    fields: 'pid',
    meaning: 'A process did not stop in time and was killed; the exit code is 1.',
  },
  'log.pretty_unavailable': {
    level: 'warn',
    fields: '',
    meaning: '`LOG_FORMAT=pretty` needs the package `pino-pretty`; the log is JSON.',
  },
  'process.stopping': { level: 'info', fields: 'signal', meaning: 'A signal has started the stop.' },
  'process.stopped': { level: 'info', fields: 'signal', meaning: 'The stop is complete.' },
  'process.stop_failed': {
    level: 'fatal',
    fields: 'err',
    meaning: 'The stop failed or took longer than 14 s after `SHUTDOWN_DELAY_MS`; the exit code is 1.',
  },
  'process.start_failed': { level: 'fatal', fields: 'err', meaning: 'The start failed; the exit code is 1.' },
  'process.crashed': {
    level: 'fatal',
    fields: 'err',
    meaning: 'An exception was not handled; the exit code is 1.',
  },
  'config.effective': {
    level: 'info',
    fields: 'source, process, config',
    meaning: 'The configuration with all defaults, at start. Secrets read `set`.',
  },
  'config.sms_countries_unset': {
    level: 'warn',
    fields: 'appId',
    meaning: 'SMS may be sent to any country, at any price: `sms.countries` is not set. Once at start.',
  },
  'config.webhook_password_short': {
    level: 'warn',
    fields: 'appId',
    meaning: 'A webhook password has fewer than 12 characters. Once at start.',
  },
  'database.migrated': { level: 'info', fields: 'applied', meaning: 'Migrations were applied.' },
  'database.embedded_started': {
    level: 'info',
    fields: 'directory, pid',
    meaning: 'The embedded PostgreSQL runs.',
  },
  'database.embedded_ended': {
    level: 'error',
    fields: 'pid, code, signal',
    meaning: 'The embedded PostgreSQL exited by itself or was killed; the gateway restarts it.',
  },
  'database.embedded_failed': {
    level: 'error',
    fields: 'err',
    meaning: 'The embedded PostgreSQL could not be restarted; the next try follows within 15 s.',
  },
  'http.refused': {
    level: 'info, warn',
    fields: 'code, status, requestId, method, route, faults',
    meaning: 'A request was answered with 400 to 499; `warn` for webhooks.',
  },
  'http.failed': {
    level: 'error',
    fields: 'code, status, requestId, method, route, err',
    meaning: 'A request was answered with 500 or more.',
  },
  'http.proxy_unknown': {
    level: 'warn',
    fields: 'proxy',
    meaning:
      'A private address sent `X-Forwarded-For` while `TRUST_PROXY` is not set, so all clients count as one. Once per process.',
  },
  'auth.wrong_credentials': {
    level: 'warn',
    fields: 'address, kind, route',
    meaning:
      'Wrong credentials; `address` has 24 bits of IPv4 and 48 of IPv6. Once a minute for each such network.',
  },
  'auth.service_away': {
    level: 'warn',
    fields: 'appId, service, code',
    meaning:
      'The service that checks credentials (CometChat or the JWKS host) is unavailable. Once until it is back.',
  },
  'auth.service_back': { level: 'info', fields: 'appId, service', meaning: 'That service answers again.' },
  'audit.not_stored': {
    level: 'error',
    fields: 'requestId, action, actorKind, appId, err',
    meaning: 'An action took effect, but the audit log could not record it; the caller was told so.',
  },
  'notification.accepted': {
    level: 'info',
    fields: 'notificationId, source, appId, channel, kind, duplicate, spooled, durationMs',
    meaning:
      'A notification was stored. `source` is `webhook`, `api` or `reply`; `spooled`: in the spool rather than the queue.',
  },
  'notification.planned': {
    level: 'info',
    fields: 'notificationId, appId, channel, kind, reason, rules, deliveries, durationMs',
    meaning: 'The deliveries were determined. `reason`: there are none; `rules`: the rules that matched.',
  },
  'notification.recipient_erased': {
    level: 'info',
    fields: 'notificationId, appId',
    meaning: 'The recipient was erased after the notification was received: nothing is sent or recorded.',
  },
  'notification.postponed': {
    level: 'info',
    fields: 'notificationId, appId, why, delayMs',
    meaning:
      'Planning was postponed: `may_be_seen` (`sms.policy: ifNotSeen`) or `number_not_known_yet` (CometChat did not answer).',
  },
  'rule.failed': {
    level: 'warn',
    fields: 'appId, rule, part, code',
    meaning: 'A rule or one of its templates failed. Once for each rule and process.',
  },
  'cometchat.asked': {
    level: 'info',
    fields: 'appId, rows, failures, durationMs',
    meaning:
      'CometChat was asked about a user or a message (`GET /v1/cometchat/logs`). `rows`: of its log; `failures`: questions that it did not answer.',
  },
  'contacts.unavailable': {
    level: 'warn',
    fields: 'appId, code, pauseMs',
    meaning: 'CometChat did not return a phone number; the SMS waits.',
  },
  'contacts.refused': {
    level: 'error',
    fields: 'appId, status',
    meaning:
      'CometChat refuses `cometchat.restApiKey`, so no phone numbers are available there. Once for each app and process.',
  },
  'delivery.attempted': {
    level: 'by outcome',
    fields:
      'notificationId, deliveryId, appId, channel, kind, provider, attempt, outcome, vendorCode, vendorMessageId, status, reason, retryInMs, durationMs',
    meaning: 'An attempt to send has ended.',
  },
  'delivery.reported': {
    level: 'info',
    fields: 'notificationId, deliveryId, attempt, appId, provider, status, receiptStatus, vendorCode, reason',
    meaning: "A vendor's delivery report has changed a delivery.",
  },
  'delivery.expired': {
    level: 'info',
    fields: 'notificationId, deliveryId, reason',
    meaning: 'The delivery was too late to be sent.',
  },
  'delivery.skipped': {
    level: 'info',
    fields: 'notificationId, deliveryId, appId, channel, provider, reason',
    meaning: 'A planned delivery was not sent.',
  },
  'delivery.merged_into_digest': {
    level: 'info',
    fields: 'notificationId, deliveryId',
    meaning: 'A later digest push of the conversation includes the delivery.',
  },
  'delivery.succeeded': {
    level: 'info',
    fields: 'notificationId, deliveryId, appId, successors',
    meaning: 'Other deliveries replace this one, whose address is dead.',
  },
  'delivery.missing': {
    level: 'warn',
    fields: 'notificationId, deliveryId',
    meaning: 'The delivery of a job is older than the ledger.',
  },
  'device.retired_by_hand': {
    level: 'info',
    fields: 'deviceId, appId, by',
    meaning: 'A backend or an operator retired a device.',
  },
  'device.restored': {
    level: 'info',
    fields: 'deviceId, appId, by',
    meaning: 'A backend or an operator brought a retired device back into use.',
  },
  'user.erased': {
    level: 'info',
    fields: 'appId, by, erased, durationMs',
    meaning: 'A user was erased; `erased` counts the deleted rows and jobs. The user is not named.',
  },
  'user.exported': {
    level: 'info',
    fields: 'appId, by',
    meaning: 'The data of a user is exported. The user is not named.',
  },
  'device.retired': {
    level: 'info',
    fields: 'deviceId, appId, provider, kind, reason, vendorCode',
    meaning: 'A device is no longer used.',
  },
  'device.kept': {
    level: 'info, warn',
    fields: 'deviceId, appId, provider, kind, reason, vendorCode, why',
    meaning:
      'A device that its vendor called dead was not retired: `braked`, `registered_since` the report, or `unproven` (`warn`): the provider account may be the wrong one.',
  },
  'device.retirement_braked': {
    level: 'error',
    fields: 'appId, provider, kind, sends, dead, limit, windowMinutes',
    meaning:
      'The brake is engaged: of this provider account only devices that are refused repeatedly, and a few more, are retired.',
  },
  'device.swept': {
    level: 'info',
    fields: 'retired, deleted, seen, texted',
    meaning:
      'Daily upkeep: devices `retired` because they were not registered for long, and `deleted` because they were retired long ago; deleted records of `seen` and `texted` messages.',
  },
  'device.reached_not_told': {
    level: 'warn',
    fields: 'devices, err',
    meaning: 'Accepted pushes could not be recorded for the upkeep of devices; the next push records them.',
  },
  'provider.breaker_opened': {
    level: 'warn',
    fields: 'appId, channel, provider, state, forMs, times',
    meaning:
      'The circuit breaker of a provider account has opened: `open`, it fails; `paused`, it is over quota.',
  },
  'provider.breaker_closed': {
    level: 'info',
    fields: 'appId, channel, provider',
    meaning: 'The circuit breaker has closed.',
  },
  'provider.breaker_closed_by_operator': {
    level: 'warn',
    fields: 'appId, channel, provider, by',
    meaning:
      '`operator` or `backend` has closed the circuit breaker and released the brake on retiring devices.',
  },
  'provider.check_passed': {
    level: 'debug',
    fields: 'appId, channel, provider, type, code',
    meaning: 'The check of an account found it in order.',
  },
  'provider.check_undecided': {
    level: 'info',
    fields: 'appId, channel, provider, type, code',
    meaning: 'The vendor did not say whether the account is in order, or it cannot be checked.',
  },
  'provider.check_failed': {
    level: 'warn, error',
    fields: 'appId, channel, provider, type, code, failures, fix',
    meaning:
      'The vendor refuses the account: `failures` checks in a row. From the second on, 10 minutes after the first, at level `error`: act on `fix`.',
  },
  'provider.check_broken': {
    level: 'error',
    fields: 'appId, channel, provider, err',
    meaning: 'The check itself failed: report the error.',
  },
  'sms.inbound': {
    level: 'info',
    fields: 'appId, provider, kind, changed',
    meaning: 'An SMS came in; `kind`: `stop`, `start`, `help` or `other`.',
  },
  'sms.inbound_from_no_number': {
    level: 'warn',
    fields: 'appId, provider, kind',
    meaning: 'An SMS came in from a sender that is no phone number.',
  },
  'sms.opted_out_by_vendor': {
    level: 'info',
    fields: 'appId, provider',
    meaning: 'A delivery report has opted a number out.',
  },
  'sms.reports_taken': {
    level: 'debug',
    fields: 'appId, provider, reports, unmatched',
    meaning: 'A callback brought delivery reports.',
  },
  'sms.report_missing': {
    level: 'warn',
    fields: 'notificationId, deliveryId, appId, provider',
    meaning:
      'There was no delivery report within `sms.receiptTimeoutSeconds`; this provider gets the SMS as well.',
  },
  'sms.report_not_expected': {
    level: 'warn',
    fields: 'notificationId, deliveryId, appId, provider',
    meaning:
      "`sms.receiptTimeoutSeconds` has passed, but this account has never reported: `PUBLIC_URL` is not set, or the vendor's console has no callback address.",
  },
  'sms.reports_unverifiable': {
    level: 'warn',
    fields: 'providers',
    meaning:
      'Callbacks of these providers cannot be verified: they have neither a key nor a `callbackSecret`. Once at start.',
  },
  'sms.callbacks_half_signed': {
    level: 'warn',
    fields: 'providers',
    meaning:
      'Signatures of these providers do not cover the body, and they have no `callbackSecret`. Once at start.',
  },
  'sms.callback_time_not_recorded': {
    level: 'debug',
    fields: 'appId, provider, err',
    meaning: 'The time of a callback could not be recorded; the next one records it.',
  },
  'sms.handed_to_next_vendor': {
    level: 'info',
    fields: 'texts',
    meaning: 'SMS whose delivery reports say that they failed were passed on to the next provider.',
  },
  'sms.not_handed_on': {
    level: 'warn',
    fields: 'err',
    meaning: 'Such SMS could not be passed on because a store is unavailable; they are within seconds.',
  },
  'sms.message_not_linked': {
    level: 'warn',
    fields: 'deliveryId, err',
    meaning:
      "The database was unavailable after a send: delivery reports are matched by the gateway's own reference.",
  },
  'sms.reservation_kept': {
    level: 'warn',
    fields: 'appId, err',
    meaning: 'The database was unavailable: the limits count an SMS that was not sent.',
  },
  'sms.limit_near': {
    level: 'warn',
    fields: 'appId, limit, used, of, currency, prefix',
    meaning: 'A limit of `sms.guard` is nearly reached. Once per window, over all processes.',
  },
  'sms.limit_reached': {
    level: 'error',
    fields: 'appId, limit, used, of, currency, prefix',
    meaning: 'A limit of `sms.guard` stops SMS. Once per window, over all processes.',
  },
  'sms.pumping_suspected': {
    level: 'error',
    fields: 'appId, limit, used, of, prefix',
    meaning: '`sms.guard.pumping` stops SMS to one number prefix. Once per window, over all processes.',
  },
  'sms.limit_overrun': {
    level: 'warn',
    fields: 'appId, limit, used, of, currency, prefix',
    meaning: '`sms.guard.breakGlass` lets SMS through that a limit would stop. Once a minute.',
  },
  'sms.counters_pruned': {
    level: 'info',
    fields: 'counters',
    meaning: 'Old counters of the limits were deleted.',
  },
  'sms.counters_not_pruned': { level: 'warn', fields: 'err', meaning: 'They could not be deleted.' },
  'sms.nonces_pruned': {
    level: 'info',
    fields: 'nonces',
    meaning: 'Nonces of callbacks that are older than a week were deleted.',
  },
  'sms.nonces_not_pruned': { level: 'warn', fields: 'err', meaning: 'They could not be deleted.' },
  'spool.opened': { level: 'info', fields: 'directory, maxBytes', meaning: 'The spool is ready.' },
  'spool.store_away': {
    level: 'warn',
    fields: 'err',
    meaning: 'The store of the queue does not answer; events go to the spool.',
  },
  'spool.drained': { level: 'info', fields: 'events', meaning: 'Spooled events have reached the queue.' },
  'spool.drain_failed': {
    level: 'error',
    fields: 'err',
    meaning: 'Draining the spool failed unexpectedly; it is retried.',
  },
  'spool.repeat_found': {
    level: 'info',
    fields: 'notificationId, firstNotificationId',
    meaning: 'The queue already had a spooled event; it is recorded as a `duplicate` of the first.',
  },
  'spool.segment_taken_over': {
    level: 'info',
    fields: 'segment, events, bytes',
    meaning: 'The spool of a dead process was taken over.',
  },
  'spool.tail_dropped': {
    level: 'warn',
    fields: 'segment, bytes',
    meaning: 'An unfinished write of a dead process was dropped; its event had not been answered.',
  },
  'spool.taken_over': {
    level: 'warn',
    fields: 'events',
    meaning: 'This process was suspended for 15 s, and another one has taken over its spool.',
  },
  'spool.write_failed': {
    level: 'warn',
    fields: 'err',
    meaning: 'The disk is full or faulty; events that could not be written were answered with 503.',
  },
  'spool.heartbeat_failed': {
    level: 'warn',
    fields: 'err',
    meaning: 'The upkeep of the spool failed; the disk may be faulty.',
  },
  'spool.segment_kept': {
    level: 'warn',
    fields: 'err, segment',
    meaning: 'A damaged or drained segment could not be moved or deleted.',
  },
  'spool.segment_damaged': {
    level: 'error',
    fields: 'err, segment, damagedBytes, events',
    meaning: 'A segment is damaged; its readable events are drained. See [the spool](storage.md#the-spool).',
  },
  'spool.segment_dead_lettered': {
    level: 'error',
    fields: 'segment, file',
    meaning: 'A damaged segment was kept in `file` for an operator.',
  },
  'spool.event_refused': {
    level: 'error',
    fields: 'err, notificationId, file',
    meaning: 'The queue refuses a spooled event; it was kept in `file` for an operator.',
  },
  'spool.dead_letter_failed': {
    level: 'error',
    fields: 'err',
    meaning: 'Such an event could not be kept in a file.',
  },
  'job.failed': {
    level: 'warn',
    fields: 'queue, jobId, job, triesMade, err',
    meaning: 'A job failed and is retried.',
  },
  'job.retries_exhausted': {
    level: 'error',
    fields: 'queue, jobId, job, triesMade, err',
    meaning: 'A job failed at every attempt; it waits in Bull Board for an operator.',
  },
  'job.dead_lettered': {
    level: 'error',
    fields: 'queue, jobId, job, triesMade, notificationId, why',
    meaning: 'A job is not retried; it waits in Bull Board for an operator.',
  },
  'job.dead_letter_not_recorded': {
    level: 'warn',
    fields: 'jobId, job, err',
    meaning: 'The ledger could not record that.',
  },
  'job.too_new': {
    level: 'warn',
    fields: 'queue, jobId, job, version',
    meaning:
      'A newer version of the gateway wrote the job; it is left to that version and checked again after 10 s.',
  },
  'queue.connection_failed': {
    level: 'warn',
    fields: 'err, queue, shard',
    meaning: 'The connection of a producer to the store of the queue failed.',
  },
  'queue.clock_set_back': {
    level: 'warn, error',
    fields: 'byMs, jobs, err',
    meaning:
      'The system clock was set back. Delayed jobs were scheduled anew, or (`error`) may be late by as much.',
  },
  'queue.orphaned_shards_unknown': {
    level: 'warn',
    fields: 'err',
    meaning: 'Shards that a reduced `QUEUE_SHARDS` no longer uses could not be listed.',
  },
  'queue.orphaned_shard_holds_jobs': {
    level: 'warn',
    fields: 'queue, shard, prefix, jobs, failed',
    meaning: 'Such a shard has jobs; they are processed.',
  },
  'worker.connection_failed': {
    level: 'warn',
    fields: 'err',
    meaning: 'The connection of a worker to the store of the queue failed.',
  },
  'worker.start_failed': {
    level: 'warn',
    fields: 'queue, err',
    meaning: 'A worker could not start; it is retried.',
  },
  'worker.stalled': {
    level: 'error',
    fields: 'queue, shard, why, dueJobs',
    meaning: 'A worker stopped fetching although jobs are due; it was replaced.',
  },
  'worker.recovered': { level: 'info', fields: 'queue, shard', meaning: 'The replacement fetches jobs.' },
  'worker.close_failed': {
    level: 'warn',
    fields: 'queue, shard, err',
    meaning: 'The replaced worker could not be closed.',
  },
  'events.poll_failed': {
    level: 'warn',
    fields: 'topic, err',
    meaning: 'Event streams get no news of this topic until the store answers again.',
  },
  'events.reader_dropped': {
    level: 'info',
    fields: 'bufferedBytes',
    meaning: 'An event stream was ended because its client reads too slowly.',
  },
  'replay.created': {
    level: 'info',
    fields: 'replayId, appId, perSecond, by',
    meaning: 'A replay begins.',
  },
  'replay.changed': {
    level: 'info',
    fields: 'replayId, appId, before, state, by',
    meaning: 'A replay was paused, resumed or cancelled.',
  },
  'replay.done': { level: 'info', fields: 'replayId, appId, sent', meaning: 'A replay is done.' },
  'replay.restarted': {
    level: 'warn',
    fields: 'replayIds',
    meaning: 'The jobs of running replays were lost, or failed for a minute; they go on.',
  },
  'replay.start_postponed': {
    level: 'warn',
    fields: 'replayId, err',
    meaning: 'The queue is unavailable; the replay starts within two minutes of its return.',
  },
  'ledger.record_failed': {
    level: 'warn',
    fields: 'deliveryId, waitMs, err',
    meaning: 'The result of an attempt could not be written yet.',
  },
  'ledger.pruned': {
    level: 'info',
    fields: 'notifications, partitions, before',
    meaning: 'Old `partitions` were dropped, and `notifications` outside partitions deleted.',
  },
  'tally.not_written': {
    level: 'warn',
    fields: 'rows, err',
    meaning:
      'The counts of `/v1/stats` could not be written; they are kept, and written when PostgreSQL is back. Once per outage.',
  },
  'tally.queues_not_sampled': {
    level: 'debug',
    fields: 'err',
    meaning: 'The depth of the queues could not be recorded; the next sample is due in ten seconds.',
  },
  'ledger.duplicates_not_written': {
    level: 'warn',
    fields: 'notifications, err',
    meaning:
      'It could not be written which notifications were received again; this is kept, and written later. Once per outage.',
  },
  'ledger.partitions_made': { level: 'info', fields: 'partitions', meaning: 'Partitions were created.' },
  'ledger.partitions_in_use': {
    level: 'warn',
    fields: 'partitions',
    meaning:
      'Locks, such as those of a backup, kept partitions from being created or dropped; it is tried again in an hour.',
  },
  'ledger.partitions_not_made': {
    level: 'warn',
    fields: 'err',
    meaning:
      'Partitions could not be created; it is tried again within an hour, and rows go to `…_default` until then.',
  },
} as const satisfies Readonly<Record<string, LogMessageDeclaration>>;

type Name = keyof typeof LOG_MESSAGES;

/** A listed message; advice for the reader may follow it. */
export type LogMessage = Name | `${Name}: ${string}`;
