import { z } from 'zod';
import { FileFormat, PlaceSchema } from './formats/file-format.ts';

/** One piece of work on one object, on the topic `load-chunks`. */
export const LoadTask = z.object({
  /** `plan`: look for the chunks from `from` on. `read`: load the chunk. */
  step: z.enum(['plan', 'read']),
  load_id: z.string().min(1),
  bucket: z.string().min(1),
  name: z.string().min(1),
  generation: z.string(),
  format: FileFormat,
  /** Of the chunk, or of the first one that is looked for; from 0. */
  index: z.int().min(0),
  from: PlaceSchema,
  /** Where the chunk ends, in the decoded file; absent: with the file, in as many chunks as it takes. */
  until: z.int().min(0).optional(),
});
export type LoadTask = z.infer<typeof LoadTask>;
