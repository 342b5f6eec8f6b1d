@rem On Windows, npm runs scripts in cmd.exe, which has no `exec`; this file replaces it. See CONTRIBUTING.md.
@%*
