/** What profiles come from. */
export const PROFILE_FUNCTIONS = ['ingest', 'enrich'] as const;

/** What a click passes, and what the model it is answered by comes from. */
export const CLICK_FUNCTIONS = [
  ...PROFILE_FUNCTIONS,
  'load',
  'train',
  'warehouse',
  'recommend',
  'push',
] as const;
