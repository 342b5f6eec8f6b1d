import type { IconName } from '../parts/icon.js';
import { words } from '../words.js';

interface NavigationItem {
  readonly href: string;
  readonly icon: IconName;
  readonly label: string;
}

/** The pages of the navigation, in its order. */
export const NAVIGATION: readonly NavigationItem[] = [
  { href: '/', icon: 'overview', label: words.pages.overview },
  { href: '/notifications', icon: 'list', label: words.pages.notifications },
  { href: '/people', icon: 'user', label: words.pages.people },
  { href: '/providers', icon: 'providers', label: words.pages.providers },
  { href: '/queues', icon: 'queues', label: words.pages.queues },
  { href: '/replay', icon: 'replay', label: words.pages.replay },
  { href: '/spend', icon: 'spend', label: words.pages.spend },
  { href: '/rules', icon: 'rules', label: words.pages.rules },
  { href: '/phones', icon: 'phone', label: words.pages.phones },
  { href: '/audit', icon: 'audit', label: words.pages.audit },
  { href: '/settings', icon: 'settings', label: words.pages.settings },
];
