/**
 * Preloaded into functions (`node --import`): each process has a clock of its own, up to CLOCK_SKEW_MS ahead or behind, as
 * instances on different machines have.
 */
const most = Number(process.env.CLOCK_SKEW_MS ?? 0);
const skew = Math.round((Math.random() * 2 - 1) * most);
const TrueDate = Date;

globalThis.Date = new Proxy(TrueDate, {
  construct: (target, parameters, newTarget) =>
    Reflect.construct(
      target,
      parameters.length === 0 ? [target.now() + skew] : parameters,
      newTarget,
    ) as object,
  get: (target, name, receiver) =>
    name === 'now' ? () => target.now() + skew : Reflect.get(target, name, receiver),
});
