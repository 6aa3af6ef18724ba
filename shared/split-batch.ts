import { messageOf, PermanentError } from './errors.ts';

/** What came of a part of a batch. */
export interface PartResult<F> {
  readonly out: number;
  readonly failed?: readonly F[];
  readonly metrics?: Readonly<Record<string, number | readonly number[] | string>>;
}

export interface SplitOptions<T, F> {
  /** Handles some of the events; may be called again with events that it has handled. */
  readonly handle: (events: readonly T[]) => Promise<PartResult<F>>;
  /** The record of an event that is given up. */
  readonly giveUp: (event: T, error: PermanentError) => F;
}

interface Suspect<T> {
  readonly event: T;
  readonly error: unknown;
}

/** INVALID_ARGUMENT and OUT_OF_RANGE: a service says that what it was sent is at fault. */
const REFUSED: ReadonlySet<unknown> = new Set([3, 11]);

/**
 * Handles a batch; where an error says that it will come again whenever this batch does, halves it, until what is at fault
 * is alone. A PermanentError gives its event up. Any other such error (a defect of ours that some event uncovers, or what a service
 * refuses as invalid) gives up an event that fails alone, twice, while others of the same batch succeed: an error that
 * strikes all is no event's fault.
 * @throws what `handle` threw, where trying again may help, or where no event of the batch succeeds
 */
export async function handleInParts<T, F>(
  events: readonly T[],
  { handle, giveUp }: SplitOptions<T, F>,
): Promise<PartResult<F>> {
  const suspects: Suspect<T>[] = [];
  let handled = 0;

  const attempt = async (part: readonly T[]): Promise<PartResult<F>> => {
    const [event] = part;
    try {
      const result = await handle(part);
      handled += part.length;
      return result;
    } catch (error) {
      if (!(error instanceof PermanentError) && !isLasting(error)) throw error;
      if (part.length > 1 || event === undefined) return split(part);
      if (error instanceof PermanentError) return { out: 0, failed: [giveUp(event, error)] };
      suspects.push({ event, error });
      return { out: 0 };
    }
  };

  const split = async (part: readonly T[]): Promise<PartResult<F>> => {
    const middle = Math.ceil(part.length / 2);
    return merge(await attempt(part.slice(0, middle)), await attempt(part.slice(middle)));
  };

  let result = await attempt(events);
  const [first] = suspects;
  if (first && handled === 0) throw first.error;
  for (const { event } of suspects.splice(0)) {
    result = merge(result, await attempt([event]));
    const again = suspects.pop();
    if (again) result = merge(result, { out: 0, failed: [giveUp(event, permanent(again.error))] });
  }
  return result;
}

/** Whether the same call would fail in the same way. */
function isLasting(error: unknown): boolean {
  if (codeOf(error) !== undefined) return REFUSED.has(codeOf(error));
  const { cause } = error as { readonly cause?: unknown };
  if (cause !== undefined) return isLasting(cause);
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null | undefined)?.code;
}

function permanent(error: unknown): PermanentError {
  const message = `the event fails alone, while others of its batch do not: ${messageOf(error)}`;
  return new PermanentError('internal', message, { cause: error });
}

/** Numbers are added, lists put together. */
function merge<F>(a: PartResult<F>, b: PartResult<F>): PartResult<F> {
  const metrics: Record<string, number | readonly number[] | string> = { ...a.metrics };
  for (const [name, value] of Object.entries(b.metrics ?? {})) {
    const known = metrics[name];
    if (typeof known === 'number' && typeof value === 'number') metrics[name] = known + value;
    else if (Array.isArray(known) && Array.isArray(value)) metrics[name] = [...known, ...value];
    else metrics[name] = value;
  }
  return { out: a.out + b.out, failed: [...(a.failed ?? []), ...(b.failed ?? [])], metrics };
}
