/** Matches a version of CPython down to the minor version at least: `3.11`, `3.11.7`, `3.15.0a2`. No groups, no anchors. */
export const versionPattern = String.raw`[23]\.\d+(?:\.\d+)?(?:(?:a|b|rc)\d+)?`
