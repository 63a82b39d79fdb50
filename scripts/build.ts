// Makes dist from src: what the compiler makes, and beside it the files it does not know.
import { chmod, cp, rm } from 'node:fs/promises'
import { extname } from 'node:path'
import { execa } from 'execa'

const shipped = ['.json', '.py', '.wasm']

await rm('dist', { recursive: true, force: true })
await execa('tsc', ['-p', 'tsconfig.build.json'], { preferLocal: true, stdio: 'inherit' })
await cp('src', 'dist', {
  recursive: true,
  filter: path => extname(path) === '' || shipped.includes(extname(path)),
})
await chmod('dist/cli/bin.js', 0o755)
