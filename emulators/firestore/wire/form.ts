import { formatTimestamp, timestampParts } from '../timestamps.ts';
import type { Micros } from '../values.ts';

/** A message as a plain object, its fields in camelCase; absent fields are absent. */
export type Message = Readonly<Record<string, unknown>>;

/** How the same message differs between protobuf (as plain objects) and protobuf's JSON mapping. */
export interface Form {
  readonly nullValue: unknown;
  /** Values are carried as they are; see native-value.ts. */
  readonly native: boolean;
  timestamp(micros: Micros): unknown;
  bytes(value: Uint8Array): unknown;
  double(value: number): unknown;
}

/** For gRPC: what the `fromObject` of native-protos.ts takes. */
export const PROTO_FORM: Form = {
  nullValue: 0,
  native: true,
  timestamp: (micros) => {
    const { seconds, nanos } = timestampParts(micros);
    return { seconds: Number(seconds), nanos };
  },
  bytes: (value) => value,
  double: (value) => value,
};

/** For REST and WebChannel: https://protobuf.dev/programming-guides/json/ */
export const JSON_FORM: Form = {
  nullValue: null,
  native: false,
  timestamp: formatTimestamp,
  bytes: (value) => Buffer.from(value).toString('base64'),
  double: (value) => (Object.is(value, -0) ? '-0' : Number.isFinite(value) ? value : String(value)),
};
