/**
 * Makes dist from src: what the compiler makes, which is the library, and beside it the files it does not know; then the
 * program, in one piece, as starting it would else mean to find and read five hundred small files.
 */
import { chmod, cp, rm } from 'node:fs/promises'
import { extname } from 'node:path'
import { execa } from 'execa'
import { bundleProgram } from './bundle-program.ts'

const shipped = ['.json', '.py', '.wasm']

await rm('dist', { recursive: true, force: true })
await execa('tsc', ['-p', 'tsconfig.build.json'], { preferLocal: true, stdio: 'inherit' })
await cp('src', 'dist', {
  recursive: true,
  filter: path => extname(path) === '' || shipped.includes(extname(path)),
})
await rm('dist/cli', { recursive: true })
await bundleProgram('src', 'dist')
await chmod('dist/cli/bin.js', 0o755)
