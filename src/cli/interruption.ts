/** Why a run is given up before it has found out anything: somebody outside has asked for it. */
export class Interruption extends Error {
  override readonly name = 'Interruption'

  constructor(signal: string) {
    super(`stopped by ${signal} before everything was looked at`)
  }
}
