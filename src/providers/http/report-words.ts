import type { HttpReportStatus } from './http-mapping-settings.js';

/** Common names of callback fields, reduced to letters and digits, the likeliest first. */
export const COMMON_NAMES = {
  id: [
    ...['id', 'messageid', 'msgid', 'smsid', 'smsmessageid', 'messagesid', 'smsglobalmsgid', 'apimsgid'],
    ...['apimessageid', 'smessageid', 'messageuuid', 'requestid', 'batchid', 'jobid', 'ticket'],
  ],
  reference: [
    ...['reference', 'ref', 'clientref', 'clientreference', 'clientmessageid', 'climsgid', 'clientid'],
    ...['customid', 'customstring', 'custid', 'custom', 'idx', 'externalid', 'usersuppliedid', 'userref'],
    ...['yourref', 'foreignid', 'uniqueid'],
  ],
  status: [
    ...['status', 'dlrstatus', 'deliverystatus', 'messagestatus', 'smsstatus', 'sstatus', 'dlvrdstatus'],
    ...['state', 'stat', 'dlr'],
  ],
  code: [
    ...['code', 'errorcode', 'errcode', 'dlrerr', 'ierrcode', 'err', 'error', 'failurereason', 'reasoncode'],
    ...['statuscode', 'networkerror'],
  ],
  from: ['from', 'msisdn', 'originator', 'mobile'],
  to: ['to', 'destination', 'recipient', 'shortcode', 'inboundnumber'],
  text: ['text', 'message', 'body', 'content'],
} as const;

const WORDS: Readonly<Record<Exclude<HttpReportStatus, 'undelivered' | 'ignored'>, readonly string[]>> = {
  accepted: [
    ...['accepted', 'acceptd', 'sent', 'submitted', 'submitd', 'queued', 'buffered', 'buffrd', 'enroute'],
    ...['pending', 'scheduled', 'sending', 'processing', 'inprogress', 'unknown', 'deliveredtogateway'],
    ...['deliveredtonetwork', 'deliveredtooperator', 'deliveredtosmsc', 'senttonetwork', 'received'],
    ...['acknowledged', 'acked', 'transmitted', 'created'],
  ],
  delivered: [
    ...['delivered', 'delivrd', 'deliveredtohandset', 'deliveredtoterminal', 'deliveredtorecipient'],
    ...['deliverysuccess', 'success', 'successful', 'read'],
  ],
  failed: [
    ...['failed', 'fail', 'failure', 'undelivered', 'undeliv', 'undelivrd', 'undeliverable', 'notdelivered'],
    ...['nondelivered', 'deliveryfailed', 'deliveryfailure', 'expired', 'expird', 'deleted', 'error'],
    ...['cancelled', 'canceled', 'absentsubscriber', 'deliveryimpossible', 'failedexpired'],
  ],
  message_refused: ['rejected', 'rejectd', 'reject', 'refused', 'blocked'],
  message_too_large: [],
  invalid_phone_number: ['invalidnumber', 'invalidphonenumber', 'invalidmsisdn', 'invalidrecipient'],
  number_unreachable: ['unknownsubscriber', 'unreachable'],
  number_takes_no_texts: ['landline'],
  country_not_allowed: [],
  opted_out: ['optedout', 'optout', 'unsubscribed', 'userinblacklist', 'blacklisted'],
};

/** Meanings of common status words, ignoring case and punctuation. */
export const STATUS_WORDS: ReadonlyMap<string, HttpReportStatus> = new Map(
  Object.entries(WORDS).flatMap(([meaning, words]) =>
    words.map((word) => [word, meaning as HttpReportStatus] as const),
  ),
);
