import type { Dto } from '../../api/client.js';

export type PhoneAddress = Dto<'PhoneDto'>;

/** A phone or browser with everything by which it is reached. */
export interface Phone {
  /** Of its oldest address: stays the same while the phone is there. */
  readonly key: string;
  readonly appId: string;
  readonly uid: string;
  /** `sms`: a phone of which only the number is known. */
  readonly look: PhoneAddress['platform'];
  /** The addresses of its pushes, as in `to` of the sandbox's messages. */
  readonly tokens: readonly string[];
  /** How its pushes come: `fcm`, `apns`, … */
  readonly transports: readonly string[];
  readonly phno: string | undefined;
}

/**
 * Joins the addresses of each user into phones: the VoIP token to its iPhone, the number to the first phone.
 *
 * @returns by user, then the oldest first
 */
export function phonesOf(addresses: readonly PhoneAddress[]): Phone[] {
  const owners = new Map<string, PhoneAddress[]>();
  for (const address of addresses) {
    const owner = `${address.uid} ${address.appId}`;
    owners.set(owner, [...(owners.get(owner) ?? []), address]);
  }
  return [...owners]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .flatMap(([, owned]) => phonesOfUser(owned.toSorted(oldestFirst)));
}

function phonesOfUser(addresses: readonly PhoneAddress[]): Phone[] {
  const rings = addresses.filter(({ transport }) => transport === 'apns-voip');
  const phones = addresses
    .filter(({ transport }) => transport !== 'apns-voip' && transport !== 'sms')
    // The sandbox registers the two tokens of an iPhone one after the other.
    .map((address) => phoneOf([address, ...(address.transport === 'apns' ? rings.splice(0, 1) : [])]));
  phones.push(...rings.map((ring) => phoneOf([ring])));
  for (const { appId, uid, phno } of addresses) {
    if (phno === undefined) continue;
    const index = phones.findIndex((phone) => phone.look !== 'web' && phone.phno === undefined);
    const owner = phones[index];
    if (owner) phones[index] = { ...owner, phno };
    else
      phones.push({ key: `sms ${appId} ${uid}`, appId, uid, look: 'sms', tokens: [], transports: [], phno });
  }
  return phones;
}

function phoneOf(addresses: readonly [PhoneAddress, ...PhoneAddress[]]): Phone {
  const [{ appId, uid, platform, deviceId, token }] = addresses;
  return {
    ...{ appId, uid, look: platform, phno: undefined },
    key: deviceId ?? token ?? '',
    tokens: addresses.flatMap((address) => address.token ?? []),
    transports: addresses.map(({ transport }) => transport),
  };
}

/** Ids of devices begin with the time of their registration. */
const oldestFirst = (a: PhoneAddress, b: PhoneAddress): number =>
  (a.deviceId ?? '').localeCompare(b.deviceId ?? '');
