import { existsSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { bundleProgram } from '../../scripts/bundle-program.ts'
import { sharedFolder } from './shared-folder.ts'

const root = join(import.meta.dirname, '../..')
const beside = ['', '.py', '.js', '.json', '.wasm']

/** The program as the package has it, for Node to start; built once in a run of the tests. */
export async function builtProgram(): Promise<string> {
  const place = join(sharedFolder!, 'package')
  if (!existsSync(place)) await buildPackage(place)
  return join(place, 'dist/cli/bin.js')
}

/** At once, and of two that build it at the same time the first one's stays. */
async function buildPackage(place: string): Promise<void> {
  const folder = await mkdtemp(`${place}-`)
  await bundleProgram(join(root, 'src'), join(folder, 'dist'))
  await cp(join(root, 'src'), join(folder, 'dist'), {
    recursive: true,
    filter: path => beside.includes(extname(path)),
  })
  await copyFile(join(root, 'package.json'), join(folder, 'package.json'))
  await cp(join(root, 'docs/findings'), join(folder, 'docs/findings'), { recursive: true })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  await rename(folder, place).catch(async error => {
    if (!existsSync(place)) throw error
    await rm(folder, { recursive: true })
  })
}

/** Makes a folder for the PATH with `firstbreak` and `npx`, which start the program. */
export async function programOnPath(folder: string): Promise<string> {
  const bin = join(folder, 'bin')
  await mkdir(bin)
  const start = await startOfProgram()
  await writeScript(join(bin, 'firstbreak'), start)
  await writeScript(join(bin, 'npx'), `[ "$1" = --yes ] && shift\n[ "$1" = firstbreak ] || exit 127\nshift\n${start}`)
  return bin
}

/** The line of `sh` that starts it. */
export async function startOfProgram(): Promise<string> {
  return `exec ${process.execPath} ${await builtProgram()} "$@"`
}

/** A program of `sh`. */
export async function writeScript(file: string, script: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
}
