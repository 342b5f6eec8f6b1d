import { jsonReply, parseJson } from './json-reply.js';
import { toldHeaders, type Scenario } from './scenario.js';
import { schemaCheck } from './schema-check.js';
import { SINCH_TEXT_REQUEST } from './sinch-schema.js';
import { VendorScript, type Scripted } from './vendor-script.js';
import {
  VendorServer,
  type VendorAnswer,
  type VendorReply,
  type VendorServerOptions,
} from './vendor-server.js';

/** The body of a batch request. */
export interface SinchBatch {
  readonly to: readonly string[];
  readonly from?: string;
  readonly body: string;
  readonly delivery_report?: string;
  readonly expire_at?: string;
  readonly callback_url?: string;
  readonly client_reference?: string;
  readonly parameters?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface SinchServerOptions extends VendorServerOptions {
  readonly servicePlanId?: string;
  readonly apiToken?: string;
}

/** A local Sinch that checks path, token and body against its OpenAPI document. */
export interface SinchServer {
  /** For the setting `endpoint`. */
  readonly url: string;
  readonly ca: string | undefined;
  readonly servicePlanId: string;
  readonly apiToken: string;
  readonly vendor: VendorServer;
  readonly script: VendorScript<SinchBatch>;
  /** Accepted batches, in order. */
  readonly received: SinchBatch[];
  /** Valid batches of dry runs, in order. */
  readonly dryRuns: SinchBatch[];
  /** The answer to a valid dry run, which a test may set. */
  readonly account: { dryRun: VendorAnswer | undefined };
  close(): Promise<void>;
}

const THREE_DAYS_MS = 259_200_000;
const batchFault = schemaCheck(SINCH_TEXT_REQUEST);

export async function startSinchServer(options: SinchServerOptions = {}): Promise<SinchServer> {
  const servicePlanId = options.servicePlanId ?? 'plan0123456789abcdef';
  const apiToken = options.apiToken ?? 'sinch-test-token';
  const script = new VendorScript<SinchBatch>();
  const dryRuns: SinchBatch[] = [];
  const account: SinchServer['account'] = { dryRun: undefined };
  const batches = `/xms/v1/${servicePlanId}/batches`;
  const vendor = await VendorServer.start(options, ({ method, path, headers, body }) => {
    if (headers['authorization'] !== `Bearer ${apiToken}`) return { status: 401 };
    const isDryRun = path === `${batches}/dry_run`;
    if (path !== batches && !isDryRun) return { status: 404 };
    if (method !== 'POST') return { status: 405 };
    if (!String(headers['content-type']).startsWith('application/json')) return { status: 415 };
    const request = parseJson(body);
    if (request === undefined) return sinchError(400, 'syntax_invalid_json');
    if (batchFault(request) !== undefined) return sinchError(400, 'syntax_constraint_violation');
    const batch = request as SinchBatch;
    if (!canExpire(batch)) return sinchError(400, 'syntax_constraint_violation');
    if ((batch.delivery_report ?? 'none') !== 'none' && batch.callback_url === undefined)
      return sinchError(403, 'missing_callback_url');
    if (isDryRun) {
      dryRuns.push(batch);
      const count = batch.to.length;
      return account.dryRun ?? jsonReply(200, { number_of_recipients: count, number_of_messages: count });
    }
    script.asked += 1;
    return script.conclude(batch, () => {
      const id = `01FC66621XXXXX${String(script.taken).padStart(12, '0')}`;
      const now = new Date().toISOString();
      return jsonReply(201, { ...batch, id, canceled: false, created_at: now, modified_at: now });
    });
  });
  return {
    url: vendor.url,
    ca: vendor.ca,
    servicePlanId,
    apiToken,
    vendor,
    script,
    received: script.received,
    dryRuns,
    account,
    close: () => vendor.close(),
  };
}

/** An error in the format of Sinch. */
export function sinchError(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): VendorReply {
  return jsonReply(status, { code, text: 'Refused by the test server.' }, headers);
}

/** The answer of Sinch to a batch in this scenario. */
export function sinchAnswer(scenario: Scenario, told?: string): Scripted<SinchBatch> {
  const headers = toldHeaders(told);
  switch (scenario) {
    case 'accept':
      return undefined;
    case 'refuse_address':
      return sinchError(403, 'illegal_number_type');
    case 'refuse_message':
      return sinchError(400, 'syntax_constraint_violation');
    case 'fault':
    case 'fault_told':
      return { status: 503, headers, body: 'Service Unavailable' };
    case 'over_quota':
    case 'over_quota_told':
      return { status: 429, headers };
    case 'garbage':
      return { status: 201, body: '{"canceled":false}' };
    case 'hang':
    case 'reset':
      return scenario;
  }
}

function canExpire({ expire_at: at }: SinchBatch): boolean {
  if (at === undefined) return true;
  const aheadMs = Date.parse(at) - Date.now();
  return aheadMs > 0 && aheadMs <= THREE_DAYS_MS;
}
