import { useQuery } from '@tanstack/react-query';
import { ApiError } from './api-error.js';
import { call } from './client.js';

interface Welcome {
  readonly isDemo: boolean;
  /** The demo's credentials, for a local request. */
  readonly login: { readonly username: string; readonly password: string } | null;
  readonly version: string;
}

const NO_DEMO: Welcome = { isDemo: false, login: null, version: '' };

/** Facts that are public before the login. */
export function useWelcome() {
  return useQuery({ queryKey: ['welcome'], queryFn: readWelcome, staleTime: Infinity });
}

async function readWelcome(): Promise<Welcome> {
  try {
    return await call<Welcome>('/admin/api/welcome');
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return NO_DEMO;
    throw error;
  }
}
