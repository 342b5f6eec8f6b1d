import net from 'node:net';
import tls from 'node:tls';
import { codeOf } from '../../../platform/errors/code-of.js';
import { trusting } from '../../../providers/http-client/tls-connect.js';
import type { RegisteredAccount } from '../../../providers/provider-registry.js';
import { messageOf } from '../unreachable.js';
import { fault, ok, type Finding } from './finding.js';

const TIMEOUT_MS = 5_000;
const PORTS: Readonly<Record<string, number>> = {
  'https:': 443,
  'http:': 80,
  'smpp:': 2_775,
  'smpps:': 3_550,
};

interface Host {
  readonly url: URL;
  readonly ca: string | undefined;
}

/** DNS, connection and TLS to each host that the accounts call, each host once. */
export async function checkHosts(accounts: readonly RegisteredAccount[]): Promise<Finding[]> {
  const hosts = new Map<string, Host>();
  for (const { endpoints, ca } of accounts) {
    for (const endpoint of endpoints) {
      const url = new URL(endpoint);
      hosts.set(`${url.protocol}//${url.host} ${ca ?? ''}`, { url, ca });
    }
  }
  return Promise.all([...hosts.values()].map(check));
}

async function check(host: Host): Promise<Finding> {
  const subject = `host ${host.url.host}`;
  try {
    await connect(host);
    return ok(
      subject,
      isTls(host) ? 'DNS, connection and certificate are fine.' : 'DNS and connection are fine.',
    );
  } catch (error) {
    return findingOf(subject, codeOf(error) ?? messageOf(error));
  }
}

function findingOf(subject: string, code: string): Finding {
  if (/^(ENOTFOUND|EAI_AGAIN|ENODATA)$/.test(code))
    return fault(
      subject,
      `The name cannot be resolved (${code}): nothing is sent there.`,
      'Check the name in `endpoint`, and the DNS of this machine.',
    );
  if (/CERT|SIGNED|ALTNAME|UNABLE_TO|SSL|TLS/.test(code))
    return fault(
      subject,
      `Its certificate is not accepted (${code}): nothing is sent there.`,
      'Check `caFile`, the clock of this machine, and proxies that inspect TLS.',
    );
  return fault(
    subject,
    `It cannot be reached (${code}): nothing is sent there.`,
    'Open the firewall for this host and port.',
  );
}

const isTls = ({ url }: Host): boolean => url.protocol === 'https:' || url.protocol === 'smpps:';

function connect(target: Host): Promise<void> {
  const { url, ca } = target;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (PORTS[url.protocol] ?? 443);
  return new Promise((resolve, reject) => {
    const socket = isTls(target)
      ? tls.connect({
          host,
          port,
          secureContext: trusting(ca),
          ...(net.isIP(host) ? {} : { servername: host }),
        })
      : net.connect({ host, port });
    const end = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(TIMEOUT_MS, () =>
      end(() => reject(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' }))),
    );
    socket.once(isTls(target) ? 'secureConnect' : 'connect', () => end(resolve));
    socket.once('error', (error: Error) => end(() => reject(error)));
  });
}
