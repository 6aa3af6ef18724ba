/** What a column's values are compared as. */
export type ColumnKind = 'text' | 'number' | 'time';

/** The columns of `failed_events` that a condition may name. */
export const COLUMNS: Readonly<Record<string, ColumnKind>> = {
  failed_id: 'text',
  event_id: 'text',
  failed_at: 'time',
  received_at: 'time',
  function: 'text',
  function_version: 'text',
  reason: 'text',
  path: 'text',
  message: 'text',
  replay_topic: 'text',
  payload: 'text',
  attempts: 'number',
  schema_version: 'number',
  replay_id: 'text',
  replay_of: 'text',
};
