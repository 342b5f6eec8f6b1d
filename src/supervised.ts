// The program of a process that a supervisor has started (see supervise.ts).
import 'reflect-metadata';
import cluster from 'node:cluster';
import { SupervisorLink } from './platform/processes/supervisor-link.js';

for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

if (!cluster.worker) throw new Error('Start dist/main.js with PROCESSES instead of this program.');
await main(new SupervisorLink(cluster.worker));

async function main(link: SupervisorLink): Promise<void> {
  // There is nothing to stop in order while the program, which is large, is loaded.
  link.whenStopping(() => process.exit(0));
  const { readConfiguration } = await import('./cli/local/configuration.js');
  const { createLogger } = await import('./platform/logging/logging.module.js');
  const { runGateway } = await import('./run-gateway.js');
  const { reportFaults } = await import('./report-faults.js');

  const loaded = await readConfiguration(process.env);
  // The supervisor has found none; the file has changed since.
  if (loaded.faults.length > 0) {
    reportFaults(loaded);
    process.exit(1);
  }
  const { databaseUrl } = await link.assignment;
  const { settings, config, origins } = loaded;
  const { logLevel: level, logFormat: format, role } = settings;
  const logger = createLogger({ level, format, role, isShared: true, pid: process.pid });
  const demo = loaded.source === null;
  const lifecycle = runGateway(
    { settings, config, origins, demo, logger, supervised: { databaseUrl, siblings: link } },
    ({ url, opsUrl }) => link.listening({ url, opsUrl }),
  );
  link.whenStopping((reason) => {
    if (reason === 'supervisor gone') logger.error({}, 'process.supervisor_gone');
    lifecycle.stop(reason === 'supervisor gone' ? 'SIGTERM' : reason.signal);
  });
}
