import type { ReactNode } from 'react';
import { useApps } from '../api/app-choice.js';
import { QueryView } from './query-view.js';

/** Forms that act for one app, shown once the apps are known: before, they cannot tell for which app they act. */
export function WithApps({ children }: { readonly children: ReactNode }) {
  return <QueryView query={useApps()}>{() => children}</QueryView>;
}
