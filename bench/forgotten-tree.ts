import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Writes `files` small files to a folder, as a service with what was installed beside it: of ten, one is the service's own
 * (Python), three are of a virtual environment (Python, mostly), and six of a `node_modules`. Ten files share a folder.
 */
export async function writeForgottenTree(folder: string, files: number): Promise<void> {
  for (let first = 0; first < files; first += 10) {
    const directory = join(folder, directoryOf(first / 10))
    await mkdir(directory, { recursive: true })
    const isPython = !directory.includes('node_modules')
    const names = Array.from({ length: Math.min(10, files - first) }, (_, i) => `module_${i}.${isPython ? 'py' : 'js'}`)
    await Promise.all(names.map((name, i) => writeFile(join(directory, name), bodyOf(first + i, isPython))))
  }
  await writeFile(join(folder, '.venv', 'pyvenv.cfg'), 'home = /usr/bin\n')
}

function directoryOf(number: number): string {
  const [kind, place] = [number % 10, Math.floor(number / 10)]
  const below = join(`group_${place % 40}`, `package_${place}_${kind}`)
  if (kind === 0) return join('app', below)
  return kind < 4 ? join('.venv', 'lib', 'python3.12', 'site-packages', below) : join('node_modules', below)
}

function bodyOf(number: number, isPython: boolean): string {
  const line = isPython ? `value_${number} = ${number}\n` : `exports.value_${number} = ${number};\n`
  return line.repeat(20 + (number % 100))
}
