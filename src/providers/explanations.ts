import { APNS_EXPLANATIONS } from './apns/apns-explanations.js';
import { AWS_EXPLANATIONS, AWS_REPORT_EXPLANATIONS } from './aws/aws-explanations.js';
import { COMMON_EXPLANATIONS } from './common-explanations.js';
import { EXPO_EXPLANATIONS } from './expo/expo-explanations.js';
import type { Explanation, Explanations } from './explanation.js';
import { FCM_EXPLANATIONS } from './fcm/fcm-explanations.js';
import { HMS_EXPLANATIONS } from './hms/hms-explanations.js';
import { HTTP_EXPLANATIONS } from './http/http-explanations.js';
import { INFOBIP_EXPLANATIONS, INFOBIP_REPORT_EXPLANATIONS } from './infobip/infobip-explanations.js';
import {
  MESSAGEBIRD_EXPLANATIONS,
  MESSAGEBIRD_REPORT_EXPLANATIONS,
} from './messagebird/messagebird-explanations.js';
import { PLIVO_EXPLANATIONS, PLIVO_REPORT_EXPLANATIONS } from './plivo/plivo-explanations.js';
import { SANDBOX_EXPLANATIONS } from './sandbox/sandbox-explanations.js';
import { SINCH_EXPLANATIONS, SINCH_REPORT_EXPLANATIONS } from './sinch/sinch-explanations.js';
import { SMPP_EXPLANATIONS, SMPP_REPORT_EXPLANATIONS } from './smpp/smpp-explanations.js';
import { TELNYX_EXPLANATIONS, TELNYX_REPORT_EXPLANATIONS } from './telnyx/telnyx-explanations.js';
import { TWILIO_EXPLANATIONS } from './twilio/twilio-explanations.js';
import { VONAGE_EXPLANATIONS, VONAGE_REPORT_EXPLANATIONS } from './vonage/vonage-explanations.js';
import { WEB_PUSH_EXPLANATIONS } from './webpush/web-push-explanations.js';

/** The source of a vendor's code. */
export type CodeOrigin = 'attempt' | 'report';

interface VendorExplanations {
  readonly attempt: Explanations;
  /** Delivery reports, if they have codes of their own. */
  readonly report?: Explanations;
}

/** By provider type; the kinds of push deliveries are types as well. */
const BY_TYPE: Readonly<Record<string, VendorExplanations>> = {
  apns: { attempt: APNS_EXPLANATIONS },
  'apns-voip': { attempt: APNS_EXPLANATIONS },
  aws: { attempt: AWS_EXPLANATIONS, report: AWS_REPORT_EXPLANATIONS },
  expo: { attempt: EXPO_EXPLANATIONS },
  fcm: { attempt: FCM_EXPLANATIONS },
  hms: { attempt: HMS_EXPLANATIONS },
  http: { attempt: HTTP_EXPLANATIONS },
  infobip: { attempt: INFOBIP_EXPLANATIONS, report: INFOBIP_REPORT_EXPLANATIONS },
  messagebird: { attempt: MESSAGEBIRD_EXPLANATIONS, report: MESSAGEBIRD_REPORT_EXPLANATIONS },
  plivo: { attempt: PLIVO_EXPLANATIONS, report: PLIVO_REPORT_EXPLANATIONS },
  sandbox: { attempt: SANDBOX_EXPLANATIONS },
  sinch: { attempt: SINCH_EXPLANATIONS, report: SINCH_REPORT_EXPLANATIONS },
  smpp: { attempt: SMPP_EXPLANATIONS, report: SMPP_REPORT_EXPLANATIONS },
  telnyx: { attempt: TELNYX_EXPLANATIONS, report: TELNYX_REPORT_EXPLANATIONS },
  twilio: { attempt: TWILIO_EXPLANATIONS },
  vonage: { attempt: VONAGE_EXPLANATIONS, report: VONAGE_REPORT_EXPLANATIONS },
  webpush: { attempt: WEB_PUSH_EXPLANATIONS },
};

/**
 * Explains a vendor's code.
 *
 * @param type the provider's type, or the kind of a push delivery.
 * @param code as in the ledger.
 * @returns undefined if the vendor has not documented the code.
 */
export function explanationOf(type: string, code: string, origin: CodeOrigin): Explanation | undefined {
  const vendor = Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined;
  const tables = [origin === 'report' ? vendor?.report : undefined, vendor?.attempt];
  // A number in a report is not an HTTP status.
  if (origin === 'attempt' || !/^\d+$/.test(code)) tables.push(COMMON_EXPLANATIONS);
  for (const key of [code, generalCode(code)]) {
    const table = tables.find((each) => each && Object.hasOwn(each, key));
    if (table) return table[key];
  }
  return undefined;
}

/**
 * The general part of a code with details: `ValidationException` of `ValidationException:OTHER`, `UNDELIV` of
 * `UNDELIV:027`, `token_refused` of `token_401`.
 */
function generalCode(code: string): string {
  return code.startsWith('token_') ? 'token_refused' : (code.split(':')[0] ?? code);
}
