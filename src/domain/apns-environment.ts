/** Apple's two sets of push servers. A token is valid on one of them only and does not say which. */
export type ApnsEnvironment = 'production' | 'sandbox';

/**
 * Selects the account for a device's environment among accounts with the same id. An account without environment
 * serves all. A device without environment uses `production`, or else the only account.
 */
export function inEnvironment<A extends { readonly environment?: ApnsEnvironment | undefined }>(
  accounts: readonly A[],
  environment: ApnsEnvironment | null | undefined,
): A | undefined {
  const wanted = environment ?? 'production';
  const found = accounts.find((account) => (account.environment ?? wanted) === wanted);
  return found ?? (environment ? undefined : accounts[0]);
}
