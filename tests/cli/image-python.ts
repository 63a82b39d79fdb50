/** A Python of an image that says truly what it is; `judging` is the program, in Python, that it runs instead of check.py. */
function pretender(judging: string): string {
  const real = '/usr/local/bin/python3.11'
  return `#!/bin/sh\ncase "$*" in\n  *sysconfig*) exec ${real} "$@";;\nesac\nexec ${real} -I -S -c '${protocol}\n${judging}'\n`
}

/** Gives `sources()`, each as its bytes, and \`say(text)\`, a line. */
const protocol = `import os, struct, sys, time
def sources():
    while True:
        header = sys.stdin.buffer.read(8)
        if len(header) < 8: return
        yield sys.stdin.buffer.read(struct.unpack(">Q", header)[0])
def say(text):
    sys.stdout.write(text + "\\n"); sys.stdout.flush()`

/** Says of everything that it compiles. */
export const liar = pretender('for source in sources(): say("{\\"kind\\": \\"compiles\\"}")')

/** Says of everything but the empty source that it breaks, at this line and column. */
export const naysayer = (at: number) =>
  pretender(`place = "{\\"line\\": ${at}, \\"column\\": ${at}}"
for source in sources():
    say("{\\"kind\\": \\"compiles\\"}" if not source else "{\\"kind\\": \\"breaks\\", \\"at\\": %s, \\"end\\": %s, \\"exception\\": \\"X\\", \\"message\\": \\"no\\"}" % (place, place))`)

/** Judges the empty source, and nothing else; ends with its stdin. */
export const idler = pretender('for source in sources(): source or say("{\\"kind\\": \\"compiles\\"}")')

/** Judges nothing, and does not end with its stdin. */
export const hanger = pretender('while True: time.sleep(60)')
