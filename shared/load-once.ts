/**
 * Loads when it is first asked for, and once; where loading fails, whoever asks next tries it again. For what a function needs
 * seldom: it starts without.
 */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}
