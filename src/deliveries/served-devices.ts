/** Devices in use that an account serves. */
export interface ServedDevices {
  readonly appId: string;
  readonly provider: string;
  readonly type: string;
  /** APNs environment; null for other vendors. */
  readonly environment: string | null;
  readonly count: number;
}

export interface DeviceCensus {
  /** Accounts without a device are left out. */
  readonly accounts: readonly ServedDevices[];
  /** Counted in a sample of the table, and rounded to two digits. Few devices may be missed. */
  readonly isEstimate: boolean;
}

/** Counts devices by account. Implemented by `recipients`, which keeps them. */
export abstract class DeviceCounter {
  abstract count(): Promise<DeviceCensus>;
}
