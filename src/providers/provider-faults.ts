import type { GatewayConfig } from '../platform/config/gateway-config.js';
import type { Fault } from '../platform/errors/gateway-error.js';
import type { SandboxMailbox } from '../domain/sandbox-mailbox.js';
import { installedProviders } from './providers.module.js';

const NO_MAILBOX: SandboxMailbox = { put: () => Promise.reject(new Error('nothing is sent')) };

/**
 * Faults that vendors find in their own blocks, such as an invalid key, reported together with all other faults.
 * Blocks with a known fault are skipped.
 */
export async function providerFaults(
  { apps }: GatewayConfig,
  known: readonly Fault[],
): Promise<readonly Fault[]> {
  if (!Array.isArray(apps)) return [];
  const factories = installedProviders(NO_MAILBOX);
  const faults: Fault[] = [];
  for (const [index, app] of apps.entries()) {
    for (const channel of ['push', 'sms'] as const) {
      const providers: unknown = app?.[channel]?.providers;
      if (!Array.isArray(providers)) continue;
      for (const [i, block] of (providers as { readonly type: string }[]).entries()) {
        const path = `apps[${index}].${channel}.providers[${i}]`;
        if (known.some((fault) => fault.path === path || fault.path.startsWith(`${path}.`))) continue;
        const factory = factories.find((one) => one.channel === channel && one.type === block.type);
        try {
          // Providers connect with the first message.
          await factory?.create(block as never).close();
        } catch (error) {
          faults.push({ path, problem: error instanceof Error ? error.message : 'cannot be set up' });
        }
      }
    }
  }
  return faults;
}
