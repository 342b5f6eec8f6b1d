/** Apple's two sets of push servers. A token is good on one of them alone, and does not say on which. */
export type ApnsEnvironment = 'production' | 'sandbox';

/**
 * Of accounts that share an id, the one for a device's environment. One that has no environment serves all. A device
 * that names none is taken for one of the App Store; where there is no such account, for one of the only that is there.
 */
export function inEnvironment<A extends { readonly environment?: ApnsEnvironment | undefined }>(
  accounts: readonly A[],
  environment: ApnsEnvironment | null | undefined,
): A | undefined {
  const wanted = environment ?? 'production';
  const found = accounts.find((account) => (account.environment ?? wanted) === wanted);
  return found ?? (environment ? undefined : accounts[0]);
}
