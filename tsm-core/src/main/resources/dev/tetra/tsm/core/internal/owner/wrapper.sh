#!/bin/sh
# Runs the processes of one service, one after the other, and keeps the exit status of each, whether or not anybody watches.
# Usage: sh wrapper.sh SERVICE_DIRECTORY BOOT_ID SETSID COMMAND..., with a line on its stdin for each process it may run
# No variable is assigned but TSM_ ones: an exported one of that name would reach the service with our value.

# What a terminal or a group sends ends the service, never the one who writes down how it ended. A trap, unlike an ignored
# signal, is not inherited by the service.
trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE TSTP TTIN TTOU

# The caller reads from our stdout who each process is and how it ended; fd 3 keeps it while the service has its own.
exec 3>&1 >/dev/null

# If the caller dies before the word comes, nothing has happened. No word after a process is the end of our work.
TSM_STATUS=124
while read -r TSM_GO; do
  # The process writes down who it is, moves into a session of its own, and becomes the service: one process all along.
  (
    read -r TSM_STAT </proc/self/stat || exit 125
    # If whoever launched us is gone, PIPE ends us here, and without a file this start never was.
    printf '%s\n%s\n' "$2" "$TSM_STAT" >&3 || exit 125
    # For the next owner, should this one end before it has written that down; on a full disk it does without.
    printf '%s\n%s\n' "$2" "$TSM_STAT" 2>/dev/null >"$1/process"
    unset TSM_STAT TSM_STATUS TSM_GO
    shift 2
    # What no shell hands on (a name with a dot, IFS, ...) comes as NAME=VALUE in TSM_ODD_1 and so on, and env(1) sets it.
    while [ "${TSM_ODD:-0}" -gt 0 ]; do
      eval "set -- \"\$TSM_ODD_$TSM_ODD\" \"\$@\""
      unset "TSM_ODD_$TSM_ODD"
      TSM_ODD=$((TSM_ODD - 1))
      [ "$TSM_ODD" -gt 0 ] || set -- /usr/bin/env "$@"
    done
    unset TSM_ODD
    exec "$@" 3>&-
  ) </dev/null >>"$1/current.out" 2>>"$1/current.err"

  TSM_STATUS=$?
  case $TSM_STATUS in
    126) printf 'the command could not be executed (126); current.err says why\n' >&2 ;;
    127) printf 'the command was not found (127); current.err says which\n' >&2 ;;
  esac
  printf '%s\n' "$TSM_STATUS" >"$1/exit"
  printf '%s\n' "$TSM_STATUS" 2>/dev/null >&3
  # Whoever supervises hears of it at once. Opened for both ways: a fifo that nobody reads would else keep us waiting.
  if [ -p "${1%/*/*}/ended" ]; then
    printf '%s\n' "${1##*/}" 1<>"${1%/*/*}/ended"
  fi
done
exit "$TSM_STATUS"
