import { EventEmitter } from 'node:events';

// Tests use clients as applications do; see shared/cloud-storage.ts for the warning that this spares their output.
EventEmitter.defaultMaxListeners = 16;
