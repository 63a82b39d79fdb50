// The table of rooms: what each may import besides the words of src/model and its own files. `npm run rooms` checks it.

/** Node's modules that neither touch the machine nor depend on it. */
const pure = ['buffer', 'crypto', 'events', 'path', 'stream', 'string_decoder', 'url', 'util', 'zlib']

/** `builtins: null`: all of them. */
const rooms = {
  model: { packages: [], builtins: [] },
  sources: {
    packages: ['@zip.js/zip.js', 'docker-modem', 'dockerode', 'execa', 'fzstd', 'tar-stream', 'yazl'],
    builtins: null,
  },
  manifest: { packages: [], builtins: pure },
  trace: { packages: [], builtins: pure },
  interpreters: { packages: ['execa', 'lmdb', String.raw`cpython-3\.\d+`], builtins: null },
  project: { packages: ['@renovatebot/pep440', 'dockerfile-ast', 'shell-quote', 'smol-toml', 'yaml'], builtins: pure },
  diagnosis: {
    packages: ['diff', 'tree-sitter', 'tree-sitter-python', 'web-tree-sitter'],
    // It loads the grammar that lies beside it.
    builtins: [...pure, 'fs/promises', 'module'],
  },
  evidence: { packages: ['valibot'], builtins: pure },
  report: { packages: [], builtins: pure },
}

const roomPath = `^src/(${Object.keys(rooms).join('|')})/`
const unknownRoomPath = `^src/(?!(${Object.keys(rooms).join('|')}|flow|cli)/)[^/]+/`

/** One way in which what `from` matches may not import what `to` matches. */
function forbid(name, comment, from, to) {
  return { name, comment, severity: 'error', from: { path: from }, to }
}

/** The libraries and the builtins of one part of src. */
function fence(part, from, { packages, builtins }) {
  const allowed = packages.length === 0 ? '^$' : `^node_modules/(@types/)?(${packages.join('|')})/`
  const rules = [
    forbid(`${part}-packages`, `Only some libraries belong in ${part}.`, from, {
      path: '^node_modules/',
      pathNot: allowed,
    }),
  ]
  if (builtins !== null) {
    const core = { dependencyTypes: ['core'], pathNot: `^(node:)?(${builtins.join('|')})(/|$)` }
    rules.push(forbid(`${part}-builtins`, `${part} is handed what it needs of the machine.`, from, core))
  }
  return rules
}

module.exports = {
  forbidden: [
    forbid('known-rooms', 'A new room is first written into the table.', unknownRoomPath, { path: '.' }),
    forbid('rooms-meet-in-model', 'Rooms import the model and their own files only.', roomPath, {
      path: '^src/',
      pathNot: '^src/(model|$1)/',
    }),
    forbid(
      'archives-stand-alone',
      'Images are read out of archives, not the other way.',
      '^src/sources/(archive|git)/',
      {
        path: '^src/sources/(archive|git|image|upload)/',
        pathNot: '^src/sources/$1/',
      },
    ),
    forbid('images-and-uploads', 'An image is no upload.', '^src/sources/image/', {
      path: '^src/sources/(git|upload)/',
    }),
    forbid('uploads-and-images', 'An upload is no image.', '^src/sources/upload/', {
      path: '^src/sources/(archive|image)/',
    }),
    forbid('cli-is-last', 'Nothing but cli itself imports cli.', '^src/(?!cli/)', { path: '^src/cli/' }),
    forbid('index-is-public', 'Inside, files are imported where they are.', '^src/', { path: '^src/index[.]ts$' }),
    forbid('src-stands-alone', 'Tests, benchmarks and fixtures do not ship.', '^src/', {
      path: '^(tests|bench|fixtures|scripts)/',
    }),
    forbid('no-dev-dependency', 'It would not be installed.', '^src/', {
      dependencyTypes: ['npm-dev'],
      pathNot: '^node_modules/@types/',
    }),
    forbid('no-circle', 'Nothing is explained by itself.', '', { circular: true }),
    forbid('no-unknown', 'Every import leads somewhere.', '', { couldNotResolve: true }),
    ...Object.entries(rooms).flatMap(([room, allowed]) => fence(room, `^src/${room}/`, allowed)),
    ...fence('flow', '^src/(flow/)?[^/]+$', { packages: [], builtins: [...pure, 'module'] }),
    ...fence('cli', '^src/cli/', { packages: ['commander', 'execa', 'picomatch'], builtins: null }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'require', 'node', 'default'],
    },
  },
}
