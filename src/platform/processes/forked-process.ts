import type { Worker } from 'node:cluster';
import type { MetricsSnapshot } from '../metrics/merged-metrics.js';
import type { ProcessEnd, SupervisedProcess } from './supervisor.js';
import type { Addresses, Assignment, ToProcess, ToSupervisor } from './supervisor-messages.js';
import { closeUntakenConnections } from './untaken-connections.js';

/** Start parameters of a process, and services that it asks for. */
export interface ForkedProcessOptions {
  readonly assignment: Assignment;
  /** Merges the metrics of all processes into Prometheus text. */
  readonly merge: (from: ForkedProcess, metrics: MetricsSnapshot) => Promise<string>;
}

/** A process of `node:cluster`. */
export class ForkedProcess implements SupervisedProcess {
  readonly listening: Promise<Addresses | undefined>;
  readonly ended: Promise<ProcessEnd>;
  /** The request in progress, shared by concurrent callers. */
  private collecting: Promise<MetricsSnapshot> | undefined;
  private onCollected: (metrics: MetricsSnapshot) => void = () => undefined;
  private onListening: (addresses: Addresses) => void = () => undefined;
  /** Set once a stop is requested. */
  private stopSignal: NodeJS.Signals | undefined;

  constructor(
    private readonly worker: Worker,
    private readonly options: ForkedProcessOptions,
  ) {
    closeUntakenConnections(worker);
    this.ended = new Promise((resolve) => {
      worker.once('exit', (code: number | null, signal: NodeJS.Signals | null) =>
        resolve({ code: signal === null ? code : null, signal }),
      );
      // It also reports messages that could not be sent: their process is about to end.
      worker.on('error', () => {
        if (this.pid === undefined) resolve({ code: null, signal: null });
      });
    });
    this.listening = Promise.race([
      new Promise<Addresses>((resolve) => (this.onListening = resolve)),
      this.ended.then(() => undefined),
    ]);
    worker.on('message', (message: ToSupervisor) => void this.receive(message));
  }

  get pid(): number | undefined {
    return this.worker.process.pid;
  }

  stop(signal: NodeJS.Signals): void {
    this.stopSignal = signal;
    this.send({ kind: 'stop', signal });
  }

  kill(): void {
    this.worker.process.kill('SIGKILL');
  }

  /** Current metrics of the process. It does not settle while the process hangs, nor after its end. */
  collect(): Promise<MetricsSnapshot> {
    return (this.collecting ??= new Promise((resolve) => {
      this.onCollected = resolve;
      this.send({ kind: 'collect' });
    }));
  }

  private async receive(message: ToSupervisor): Promise<void> {
    switch (message.kind) {
      case 'joined':
        // node:cluster drops messages that arrive before the program listens, such as an early request to stop.
        return this.stopSignal === undefined
          ? this.send({ kind: 'start', assignment: this.options.assignment })
          : this.stop(this.stopSignal);
      case 'listening':
        return this.onListening(message.addresses);
      case 'collected':
        this.collecting = undefined;
        return this.onCollected(message.metrics);
      case 'merge': {
        const text = await this.options.merge(this, message.metrics);
        return this.send({ kind: 'merged', id: message.id, text });
      }
      default:
        message satisfies never;
    }
  }

  private send(message: ToProcess): void {
    // Without a callback, a process that has just ended would emit an error.
    if (this.worker.isConnected()) this.worker.send(message, () => undefined);
  }
}
