import { logLiveHeap } from './live-heap.ts';

// Preloaded into functions (node --import).
logLiveHeap();
