import type { Path } from '../model/path.ts'

/** Whether a directory of an image is of the system's own layout, as `/`, `/opt` and `/usr/local/bin`: what stands there is of many. */
export function isShared(directory: Path): boolean {
  return /^(?:(?:usr\/(?:local\/)?)?(?:s?bin|etc|games|include|lib\w*|share|src)|usr(?:\/local)?|boot|dev|home|media|mnt|opt|proc|run|sys|tmp|var(?:\/(?:cache|lib|log|opt|run|tmp))?|)$/.test(
    directory,
  )
}
