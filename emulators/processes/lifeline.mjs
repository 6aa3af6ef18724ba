/**
 * Preloaded into every child (`node --import`): when the parent is gone, whatever ended it, the IPC channel closes
 * and the child goes too. The channel alone keeps no child alive. In JavaScript, so that a child which needs none does not load
 * what strips types: 14 MB, and a third more to start.
 */
process.channel?.unref();
process.on('disconnect', () => process.exit(1));
