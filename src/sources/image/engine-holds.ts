import type { Environment } from '../../model/environment.ts'
import { connectEngine } from './engine.ts'

/** Whether a container engine answers and holds an image under this reference. Nothing is pulled, and nothing of it read. */
export async function engineHolds(reference: string, environment: Environment): Promise<boolean> {
  try {
    const { docker } = await connectEngine(environment)
    await docker.getImage(reference).inspect()
    return true
  } catch {
    return false // why not is of no matter: the image is passed as a file then
  }
}
