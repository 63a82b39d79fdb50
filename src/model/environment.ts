/** Environment variables by name; handed in, so that no room looks at the process it runs in. */
export type Environment = Readonly<Record<string, string | undefined>>
