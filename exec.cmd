@rem On Windows, npm runs its scripts in cmd.exe, which has no `exec`. This stands in for it.
@%*
