/** A text in one line, wherever it was wrapped. */
export function unwrapped(text: string): string {
  return text.replace(/\s+/g, ' ')
}
