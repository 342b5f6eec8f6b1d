import type { Configuration } from './cli/local/configuration.js';
import { withoutUserinfo } from './platform/logging/without-userinfo.js';

/** Reports every fault of the configuration at once, on standard error. */
export function reportFaults({ faults, source }: Configuration): void {
  const lines = faults.map(({ path, problem }) => withoutUserinfo(`  ${path || '(file)'} ${problem}`));
  const where = source === null ? 'the environment' : `the environment and ${source}`;
  process.stderr.write(`Bellhop cannot start: ${faults.length} fault(s) in ${where}.\n${lines.join('\n')}\n`);
}
