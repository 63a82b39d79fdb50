/** Programs that only start another one: how many words stand before it, given the words behind their own name. */
const wrappers: Readonly<Record<string, (args: readonly string[]) => number>> = {
  env: args => afterOptions(args, ['-u', '-C', '--unset', '--chdir']),
  tini: args => afterOptions(args, ['-p', '-e']),
  'tini-static': args => afterOptions(args, ['-p', '-e']),
  'docker-init': args => afterOptions(args, ['-p', '-e']),
  catatonit: args => afterOptions(args, []),
  'dumb-init': args => afterOptions(args, ['-r', '--rewrite']),
  nice: args => afterOptions(args, ['-n']),
  nohup: args => afterOptions(args, []),
  stdbuf: args => afterOptions(args, ['-i', '-o', '-e']),
  timeout: args => afterOptions(args, ['-s', '-k']) + 1,
  gosu: () => 1,
  'su-exec': () => 1,
}

/** Tools that run a command in the project's own environment. */
const runners: Readonly<Record<string, readonly string[]>> = {
  poetry: ['-C', '--directory', '-P', '--project'],
  pdm: ['-p', '--project'],
  pipenv: [],
  rye: [],
  hatch: ['-e', '--env'],
  uv: [
    '--directory',
    '--project',
    '--python',
    '-p',
    '--extra',
    '--group',
    '--with',
    '--env-file',
    '--package',
    '-m',
    '--module',
  ],
}

/** The words that a command leads to by starting another program; null where it is no such command. */
export function wrappedCommand([program = '', ...args]: readonly string[]): readonly string[] | null {
  const name = nameOf(program)
  if (!Object.hasOwn(wrappers, name)) return null
  const words = args.slice(wrappers[name]!(args))
  const first = words.findIndex(word => !/^\w+=/.test(word))
  return first === -1 ? null : words.slice(first)
}

/** The words that `poetry run` and its like run in the environment of the project; null where it is no such command. */
export function projectCommand([program = '', ...args]: readonly string[]): readonly string[] | null {
  const name = nameOf(program)
  if (!Object.hasOwn(runners, name)) return null
  const rest = args.slice(afterOptions(args, runners[name]!))
  if (rest[0] !== 'run') return null
  const options = rest.slice(1)
  const isModule = options.some(word => word === '-m' || word === '--module')
  const words = options.slice(afterOptions(options, runners[name]!))
  // uv starts Python for these as well.
  return name === 'uv' && (isModule || /\.pyw?$/.test(words[0] ?? '')) ? ['python', ...words] : words
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Where what is no option begins; `valued` options take the next word. */
function afterOptions(args: readonly string[], valued: readonly string[]): number {
  let at = 0
  while (at < args.length && /^-./.test(args[at]!)) {
    const option = args[at]!
    at += valued.includes(option) ? 2 : 1
    if (option === '--') break
  }
  return at
}
