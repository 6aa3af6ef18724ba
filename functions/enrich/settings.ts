/** What a deployment decides about enrichment. */
export interface EnrichSettings {
  /** Secret of the keyed hash that stands in for direct identifiers. */
  readonly pseudonymKey: string;
  /** What a visitor who said nothing is taken to allow. */
  readonly consentDefault: { readonly analytics: boolean; readonly personalization: boolean };
  /** Events older than this at receipt are refused. Milliseconds. */
  readonly maxAgeMs: number;
}
