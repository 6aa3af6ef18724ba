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
 * Holds a decoded value to its column's type.
 * @param path the column, for the message
 * @throws Error which says what the value should be
 */
export function checkValue(value: unknown, type: string, path: string): void {
  const name = type.toUpperCase();
  if (name === 'JSON') {
    checkJson(String(value), path);
    return;
  }
  const range = RANGES[name];
  if (!range) return;
  if (!/^-?\d+$/.test(String(value))) {
    throw new Error(`Field ${path}: ${name} must be whole ${range.unit} since 1970, got "${value}"`);
  }
  const whole = BigInt(String(value));
  if (whole < range.from || whole > range.to) {
    throw new Error(`Field ${path}: ${whole} ${range.unit} since 1970 is out of the range of ${name}`);
  }
}

function checkJson(text: string, path: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new Error(`Field ${path}: invalid JSON`);
  }
}
