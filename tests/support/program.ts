import { chmod, copyFile, cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { bundleProgram } from '../../scripts/bundle-program.ts'

const root = join(import.meta.dirname, '../..')
const beside = ['', '.py', '.js', '.json', '.wasm']

/** Makes the program as the package has it, and `firstbreak` and `npx` that start it, in a folder for the PATH. */
export async function programOnPath(folder: string): Promise<string> {
  const place = join(folder, 'package')
  await bundleProgram(join(root, 'src'), join(place, 'dist'))
  await cp(join(root, 'src'), join(place, 'dist'), {
    recursive: true,
    filter: path => beside.includes(extname(path)),
  })
  await copyFile(join(root, 'package.json'), join(place, 'package.json'))
  await cp(join(root, 'docs/findings'), join(place, 'docs/findings'), { recursive: true })
  await symlink(join(root, 'node_modules'), join(place, 'node_modules'), 'junction')
  const bin = join(folder, 'bin')
  await mkdir(bin)
  const start = `exec ${process.execPath} ${join(place, 'dist/cli/bin.js')} "$@"`
  await writeScript(join(bin, 'firstbreak'), start)
  await writeScript(join(bin, 'npx'), `[ "$1" = --yes ] && shift\n[ "$1" = firstbreak ] || exit 127\nshift\n${start}`)
  return bin
}

/** A program of `sh`. */
export async function writeScript(file: string, script: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
}
