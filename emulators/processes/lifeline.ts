/**
 * Preloaded into every child (`node --import`): when the parent is gone, whatever ended it, the IPC channel closes
 * and the child goes too. The channel alone keeps no child alive.
 */
process.channel?.unref();
process.on('disconnect', () => process.exit(1));
