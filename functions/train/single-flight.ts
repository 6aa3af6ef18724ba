/**
 * Runs the work of a key once at a time: who asks for a key whose work is under way shares its outcome. A redelivery that
 * overtakes its first delivery joins it instead of repeating it.
 */
export function makeSingleFlight<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, work) => {
    const known = underWay.get(key);
    if (known !== undefined) return known;
    const started = work().finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  };
}
