import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './api-error.js';

const MOST_RETRIES = 2;

/** Answers of the API, kept for a short time. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < MOST_RETRIES && error instanceof ApiError && error.isTemporary && error.status !== 429,
    },
    mutations: { retry: false },
  },
});
