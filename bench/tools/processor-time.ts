import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
}

/** Ticks a second in /proc, on every Linux. */
const TICKS = 100;

/** Seconds of processor that a process has used, all threads together; undefined where it is gone, or there is no /proc. */
export function processorSeconds(pid: number | undefined): number | undefined {
  return pid === undefined ? undefined : parse(pid)?.seconds;
}

/** Seconds of processor that this process's children, and theirs, have used; undefined where there is no /proc. */
export function descendantsSeconds(): number | undefined {
  const processes = running();
  if (processes.length === 0) return undefined;
  const family = new Set([process.pid]);
  let seconds = 0;
  // A parent may come after its child.
  for (let size = 0; size < family.size; ) {
    size = family.size;
    for (const { pid, parent, seconds: used } of processes) {
      if (!family.has(parent) || family.has(pid)) continue;
      family.add(pid);
      seconds += used;
    }
  }
  return seconds;
}

function running(): readonly Process[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (parse(Number(name)) ?? []) : []));
  } catch {
    return [];
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; undefined where it ended meanwhile. */
function parse(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // What follows the command's name, which may have anything in it: state, parent, and at 11 and 12 the times.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / TICKS };
  } catch {
    return undefined;
  }
}
