import { normaliseUid } from '../../domain/uid.js';
import type { AppSettings } from '../../platform/config/app-settings.js';
import type { Fault } from '../../platform/errors/gateway-error.js';
import { toE164 } from '../../platform/phone/phone-number.js';
import { invalid } from '../send-request.js';
import type { TestRequestDto } from './test-send.dto.js';

/** The addressee of a test. */
export type TestTarget =
  | { readonly deviceId: string }
  | { readonly uid: string }
  /** E.164 */
  | { readonly phno: string };

const TARGETS = ['deviceId', 'uid', 'phno'] as const;

/** @throws GatewayError `REQUEST.INVALID_BODY` unless it names one target that suits its kind. */
export function readTestTarget(dto: TestRequestDto, app: AppSettings): TestTarget {
  const named = TARGETS.filter((field) => dto[field] !== undefined && dto[field] !== null);
  const [field, ...others] = named;
  if (field === undefined) throw fault('', 'needs a deviceId, a uid or a phno');
  if (others[0] !== undefined) throw fault(others[0], `is given beside ${field}: choose one`);
  if (field === 'deviceId' && dto.kind === 'sms') throw fault(field, 'is for chat and call only');
  if (field === 'phno' && dto.kind !== 'sms') throw fault(field, 'is for sms only');
  const value = dto[field] ?? '';
  if (field === 'deviceId') return { deviceId: value.toLowerCase() };
  if (field === 'uid') return { uid: normaliseUid(value) ?? value };
  const phno = toE164(value, app.sms.defaultCountry);
  if (phno === undefined) throw fault(field, 'is not a phone number; write it with + and its country code');
  return { phno };
}

const fault = (path: string, problem: string) => invalid([{ path, problem } satisfies Fault]);
