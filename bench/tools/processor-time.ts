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

/** This process's children, and theirs; none where there is no /proc. */
export function descendants(): readonly number[] {
  return family().map(({ pid }) => pid);
}

/** Seconds of processor that this process's children, and theirs, have used; undefined where there is no /proc. */
export function descendantsSeconds(): number | undefined {
  const found = family();
  return found.length === 0 ? undefined : found.reduce((sum, { seconds }) => sum + seconds, 0);
}

function family(): readonly Process[] {
  const processes = running();
  const pids = new Set([process.pid]);
  const found: Process[] = [];
  // A parent may come after its child.
  for (let size = 0; size < pids.size; ) {
    size = pids.size;
    for (const each of processes) {
      if (!pids.has(each.parent) || pids.has(each.pid)) continue;
      pids.add(each.pid);
      found.push(each);
    }
  }
  return found;
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
