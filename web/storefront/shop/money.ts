/** `€ 1,299.00`, as the browser's language writes it. */
export function money(amount: number, currency = 'EUR'): string {
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount);
}
