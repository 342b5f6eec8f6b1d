import { randomBytes } from 'node:crypto';
import { mkdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import type { ProcessSettings } from '../../platform/config/process-settings.js';
import { codeOf } from '../../platform/errors/code-of.js';
import type { Fault } from '../../platform/errors/gateway-error.js';

/** Creates the spool's directory if it is missing, and checks that it is writable. */
export function checkSpoolDirectory({ role, spoolDir, spoolMaxMb }: ProcessSettings): Fault[] {
  if (role === 'worker' || !(spoolMaxMb > 0)) return [];
  const trial = path.join(spoolDir, `trial-${randomBytes(8).toString('hex')}`);
  try {
    mkdirSync(trial, { recursive: true, mode: 0o700 });
    rmdirSync(trial);
    return [];
  } catch (error) {
    const problem = `(${path.resolve(spoolDir)}) cannot be written (${codeOf(error) ?? 'failed'}); SPOOL_MAX_MB=0: no spool`;
    return [{ path: 'SPOOL_DIR', problem }];
  }
}
