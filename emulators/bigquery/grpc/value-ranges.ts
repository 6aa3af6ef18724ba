/** Ranges of the types that travel as whole numbers: https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types */
const RANGES: Readonly<
  Record<string, { readonly unit: string; readonly from: bigint; readonly to: bigint }>
> = {
  /** 0001-01-01 00:00:00 to 9999-12-31 23:59:59.999999. */
  TIMESTAMP: { unit: 'microseconds', from: -62_135_596_800_000_000n, to: 253_402_300_799_999_999n },
  /** 0001-01-01 to 9999-12-31. */
  DATE: { unit: 'days', from: -719_162n, to: 2_932_896n },
};

/**
 * What a column's type asks of a decoded value, beyond what the wire has checked; undefined where that is nothing. The
 * check throws an Error which says what the value should be.
 * @param path the column, for the message
 */
export function valueChecker(type: string, path: string): ((value: unknown) => void) | undefined {
  const name = type.toUpperCase();
  if (name === 'JSON') return (value) => checkJson(String(value), path);
  const range = RANGES[name];
  if (!range) return undefined;
  const { unit, from, to } = range;
  return (value) => {
    const text = String(value);
    if (!/^-?\d+$/.test(text)) {
      throw new Error(`Field ${path}: ${name} must be whole ${unit} since 1970, got "${text}"`);
    }
    const whole = BigInt(text);
    if (whole < from || whole > to) {
      throw new Error(`Field ${path}: ${whole} ${unit} since 1970 is out of the range of ${name}`);
    }
  };
}

function checkJson(text: string, path: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new Error(`Field ${path}: invalid JSON`);
  }
}
