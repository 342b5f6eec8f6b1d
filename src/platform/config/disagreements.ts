import type { Fault } from '../errors/gateway-error.js';
import { apiKeyFaults } from './api-key-settings.js';
import { missingPrices } from './missing-prices.js';
import { at, list, number, text } from './unchecked-tree.js';

/**
 * Checks settings that depend on other blocks. Accepts an invalid configuration, so that all faults are reported
 * together; malformed values are ignored here.
 *
 * @param config as read, with defaults.
 * @param tree as written; only it retains the keys of blocks of unknown type.
 */
export function disagreements(config: unknown, tree: unknown): Fault[] {
  const apps = list(config, 'apps');
  const lifetimeMinutes = number(at(config, 'delivery'), 'lifetimeMinutes') ?? Infinity;
  const repeated = duplicates(apps.map((app) => text(app, 'appId'))).map((index) => ({
    path: `apps[${index}].appId`,
    problem: 'is configured twice',
  }));
  return [
    ...repeated,
    ...duplicates(list(at(config, 'admin'), 'users').map((user) => text(user, 'username'))).map((index) => ({
      path: `admin.users[${index}].username`,
      problem: 'is used twice',
    })),
    ...apps.flatMap((app, index) => {
      const written = list(tree, 'apps')[index];
      const smsIds = list(at(written, 'sms'), 'providers').map((provider) => text(provider, 'id'));
      return [
        ...apiKeyFaults(at(at(app, 'clients'), 'apiKeys'), `apps[${index}].clients.apiKeys`),
        ...ofIds(app, smsIds, `apps[${index}]`),
        ...ofSmsPlanning(app, `apps[${index}]`, lifetimeMinutes),
        ...ofSms(at(app, 'sms'), smsIds, `apps[${index}].sms`),
        ...missingPrices(at(app, 'sms'), `apps[${index}].sms`),
      ];
    }),
  ];
}

/** Checks settings on which the planning of SMS depends. */
function ofSmsPlanning(app: unknown, where: string, lifetimeMinutes: number): Fault[] {
  const faults: Fault[] = [];
  const sms = at(app, 'sms');
  if (at(sms, 'askCometChatForNumbers') === true && !at(at(app, 'cometchat'), 'restApiKey')) {
    const problem = 'is required for sms.askCometChatForNumbers';
    faults.push({ path: `${where}.cometchat.restApiKey`, problem });
  }
  if (at(sms, 'policy') === 'ifNotSeen' && (number(sms, 'seenWithinSeconds') ?? 0) >= lifetimeMinutes * 60) {
    const problem = 'must be shorter than delivery.lifetimeMinutes, or no SMS would ever be sent';
    faults.push({ path: `${where}.sms.seenWithinSeconds`, problem });
  }
  return faults;
}

function ofIds(app: unknown, smsIds: readonly (string | undefined)[], where: string): Fault[] {
  const push = list(at(app, 'push'), 'providers');
  const twice = [
    // FCM, APNs and Web Push providers may share an id: the device's platform decides between them, and its
    // environment between APNs' two.
    ...duplicates(
      push.map((provider) => {
        const id = text(provider, 'id');
        const environment = text(provider, 'environment') ?? '';
        return id === undefined ? undefined : [text(provider, 'type'), id, environment].join(' ');
      }),
    ).map((i) => `push.providers[${i}].id`),
    ...duplicates(smsIds).map((i) => `sms.providers[${i}].id`),
    ...duplicates(list(app, 'rules').map((rule) => text(rule, 'name'))).map((i) => `rules[${i}].name`),
  ].map((path) => ({ path: `${where}.${path}`, problem: 'is used twice' }));
  const sandboxed = push.flatMap((provider, i) => {
    const id = text(provider, 'id');
    const others = push.filter((other) => id !== undefined && text(other, 'id') === id).length - 1;
    const problem = 'must be its own: a sandbox serves devices of every kind';
    return text(provider, 'type') === 'sandbox' && others > 0
      ? [{ path: `${where}.push.providers[${i}].id`, problem }]
      : [];
  });
  return [...twice, ...sandboxed];
}

function ofSms(sms: unknown, smsIds: readonly (string | undefined)[], where: string): Fault[] {
  const routes = list(sms, 'routes').flatMap((route, i) => [
    ...list(route, 'use').flatMap((id, j) =>
      typeof id !== 'string' || smsIds.includes(id)
        ? []
        : [{ path: `${where}.routes[${i}].use[${j}]`, problem: 'names no provider of sms.providers' }],
    ),
    ...ofWeights(route, `${where}.routes[${i}].weights`),
  ]);
  const priced = list(at(sms, 'guard'), 'prices').flatMap((price, i) => {
    const provider = text(price, 'provider');
    return provider === undefined || smsIds.includes(provider)
      ? []
      : [{ path: `${where}.guard.prices[${i}].provider`, problem: 'names no provider of sms.providers' }];
  });
  return [...routes, ...priced];
}

function ofWeights(route: unknown, where: string): Fault[] {
  const weights = at(route, 'weights');
  if (typeof weights !== 'object' || weights === null || Array.isArray(weights)) return [];
  const use = list(route, 'use');
  const shares = Object.entries(weights) as [string, unknown][];
  const wrong = shares.flatMap(([id, share]) => [
    ...(use.includes(id) ? [] : [{ path: `${where}.${id}`, problem: 'names no provider of use' }]),
    ...(Number.isFinite(share) && Number(share) >= 0
      ? []
      : [{ path: `${where}.${id}`, problem: 'must be a number from 0 on' }]),
  ]);
  const isEmpty = shares.length > 0 && shares.every(([, share]) => share === 0);
  return isEmpty ? [...wrong, { path: where, problem: 'must give a part to one provider at least' }] : wrong;
}

/** The positions of values that already stood before. */
function duplicates(values: readonly (string | undefined)[]): number[] {
  return values.flatMap((value, index) =>
    value !== undefined && values.indexOf(value) < index ? [index] : [],
  );
}
