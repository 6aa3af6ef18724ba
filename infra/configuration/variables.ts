import type { z } from 'zod';
import { enrichVariables } from '../../functions/enrich/variables.ts';
import { forgetVariables } from '../../functions/forget/variables.ts';
import { ingestVariables } from '../../functions/ingest/variables.ts';
import { loadVariables } from '../../functions/load/variables.ts';
import { pushVariables } from '../../functions/push/variables.ts';
import { recommendVariables } from '../../functions/recommend/variables.ts';
import { replayVariables } from '../../functions/replay/variables.ts';
import { trainVariables } from '../../functions/train/variables.ts';
import { warehouseVariables } from '../../functions/warehouse/variables.ts';

/** Each function's variables, beside `commonConfig`; the very schemas that it reads its environment by. */
export const VARIABLES: Readonly<Record<string, z.ZodRawShape>> = {
  ingest: ingestVariables,
  inbox: {},
  load: loadVariables,
  enrich: enrichVariables,
  warehouse: warehouseVariables,
  recommend: recommendVariables,
  push: pushVariables,
  train: trainVariables,
  replay: replayVariables,
  forget: forgetVariables,
};
