import { IntSetting } from './settings.decorators.js';

/** The rates hold for each process. */
export class ClientLimitSettings {
  @IntSetting({
    description: 'Requests of one user per minute; beyond them `429` with `Retry-After`.',
    unit: 'requests',
    min: 1,
    max: 1_000_000,
  })
  perUserPerMinute: number = 60;

  @IntSetting({
    description:
      'Requests from one address per minute; beyond them `429` with `Retry-After`. Many phones share an address behind a carrier.',
    unit: 'requests',
    min: 1,
    max: 1_000_000,
  })
  perAddressPerMinute: number = 6_000;

  @IntSetting({
    description: 'Read receipts kept of one user, give or take a tenth; older ones are deleted.',
    unit: 'read receipts',
    min: 100,
    max: 1_000_000,
  })
  receiptsPerUser: number = 1_000;
}
