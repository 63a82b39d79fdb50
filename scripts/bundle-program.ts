import { readdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** What is a binary, finds files of its own beside itself, or is not always there. */
const external = [
  'lmdb',
  'tree-sitter',
  'tree-sitter-python',
  'web-tree-sitter',
  'ssh2',
  '@grpc/*',
  'protobufjs',
  'cpython-*',
]

/** What the engine's client has for building images, and for an engine that is reached by ssh: it is slow to load. */
const seldomCalled = /\/(?:dockerode\/lib\/session|docker-modem\/lib\/ssh)\.js$/

/**
 * Puts the program and the packages it uses together into `<to>/cli`, with the licences of those packages; what is imported on
 * demand stays a file of its own.
 */
export async function bundleProgram(from: string, to: string): Promise<void> {
  const inputs = await bundle(join(from, 'cli/bin.ts'), join(to, 'cli'), from)
  const packages = new Set(inputs.flatMap(packageOf))
  const licences = await Promise.all([...packages].sort().map(licenceOf))
  await writeFile(join(to, 'cli/LICENSES.txt'), licences.join('\n\n'))
}

/** Puts a program that uses the sources in `from` together into a folder; gives the files it is made of. */
export async function bundle(program: string, to: string, from: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [program],
    outdir: to,
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external,
    // Packages in the older form ask for Node's own modules by require.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url)",
    },
    metafile: true,
    logLevel: 'warning',
    plugins: [placeOfSource(resolve(from)), loadedWhenCalled(seldomCalled)],
  })
  return Object.keys(metafile.inputs)
}

/** A source names the files that are shipped beside it from its own place, which is not the program's. */
function placeOfSource(root: string): Plugin {
  return {
    name: 'place-of-source',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const place = relative(join(root, 'cli'), path).replaceAll('\\', '/')
        const contents = await readFile(path, 'utf8')
        return {
          loader: 'ts',
          contents: contents.replaceAll('import.meta.url', `new URL('${place}', import.meta.url).href`),
        }
      }),
  }
}

/** Files that export a function each. */
function loadedWhenCalled(filter: RegExp): Plugin {
  const now = '?now'
  return {
    name: 'loaded-when-called',
    setup: ({ onLoad }) =>
      onLoad({ filter }, ({ path, suffix }) => {
        const file = JSON.stringify(`./${basename(path)}${now}`)
        return suffix === now ? null : { contents: `module.exports = (...args) => require(${file})(...args)` }
      }),
  }
}

/** `node_modules/@zip.js/zip.js`; none for a source of ours. */
function packageOf(input: string): string[] {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []
}

async function licenceOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const file = (await readdir(folder)).find(each => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(each))
  const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8')
  return `${name} ${version} (${license})\n\n${text.trim()}\n`
}
