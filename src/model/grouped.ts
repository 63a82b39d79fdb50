/** A number with its thousands set apart, as `5,546`; the same wherever it is printed. */
export function grouped(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}
