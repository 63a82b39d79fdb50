/**
 * Makes dist from src: what the compiler makes, which is the library, and beside it the files it does not know; then the
 * program, in one piece, as starting it would else mean to find and read five hundred small files.
 */
import { chmod, rm } from 'node:fs/promises'
import { execa } from 'execa'
import { bundleProgram } from './bundle-program.ts'
import { copyFiles } from './copy-files.ts'

await rm('dist', { recursive: true, force: true })
await execa('tsc', ['-p', 'tsconfig.build.json'], { preferLocal: true, stdio: 'inherit' })
await copyFiles('src', 'dist', ['.json', '.py', '.wasm'])
await rm('dist/cli', { recursive: true })
await bundleProgram('src', 'dist')
await chmod('dist/cli/bin.js', 0o755)
