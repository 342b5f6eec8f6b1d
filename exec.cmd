@rem On Windows, npm runs its scripts in cmd.exe, which has no `exec`: see "npm start" in CONTRIBUTING.md.
@%*
