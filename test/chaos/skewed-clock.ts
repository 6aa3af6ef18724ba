/**
 * Preloaded into functions (`node --import`): each process has a clock of its own, up to CLOCK_SKEW_MS ahead or behind, as
 * instances on different machines have.
 */
const most = Number(process.env.CLOCK_SKEW_MS ?? 0);
const skew = Math.round((Math.random() * 2 - 1) * most);
const now = Date.now;
Date.now = () => now() + skew;
