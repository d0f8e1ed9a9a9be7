import { ProgramThread, type ThreadEvents, type ThreadFiles } from "./thread";

/** A program that was told to stop and does not answer for this long loses its thread. */
export const STOP_ANSWER_MS = 50;
/** A thread that cannot be terminated for this long costs the process. */
const TERMINATE_MS = 300;

/**
 * The program threads of a runner: one that runs programs and, once a program has run for long, a spare one that
 * takes over while the other stops, or if it never does.
 */
export class Threads {
  private readonly files: ThreadFiles;
  private readonly stuck: () => void;
  private running: ProgramThread;
  private spare: ProgramThread | null = null;
  /** Was told to stop, and is the spare one after that. */
  private leaving: ProgramThread | null = null;

  /** `stuck` is called when a thread cannot be ended. */
  constructor(files: ThreadFiles, first: ProgramThread, stuck: () => void) {
    this.files = files;
    this.running = first;
    this.stuck = stuck;
  }

  get current(): ProgramThread {
    return this.running;
  }

  prepareSpare(): void {
    if (this.leaving !== null || this.spare !== null) return;
    this.keepSpare(new ProgramThread(this.files));
  }

  /** Goes on with the spare thread while the current one stops; false if there is none, and nothing was done. */
  leaveCurrent(): boolean {
    const { running: left, spare } = this;
    if (spare === null || !spare.isReady) return false;
    this.running = spare;
    this.spare = null;
    this.leaving = left;
    const over = () => {
      clearTimeout(hanging);
      this.leaving = null;
    };
    const hanging = setTimeout(() => {
      over();
      this.retire(left);
    }, STOP_ANSWER_MS);
    left.events = {
      ...unheard,
      ended: () => {
        over();
        this.keepSpare(left);
      },
      died: over,
    };
    left.stop("replaced");
    return true;
  }

  /** Goes on with another thread; the current one hangs or is gone. */
  replaceCurrent(): void {
    this.retire(this.running);
    this.running = this.spare ?? new ProgramThread(this.files);
    this.spare = null;
  }

  private keepSpare(thread: ProgramThread): void {
    this.spare = thread;
    const died = () => {
      if (this.spare === thread) this.spare = null;
    };
    thread.events = { ...unheard, died };
  }

  /** A call of V8 that cannot be interrupted holds its thread; then only the end of the process frees it. */
  private retire(thread: ProgramThread): void {
    const stuck = setTimeout(this.stuck, TERMINATE_MS);
    void thread.terminate().then(() => clearTimeout(stuck));
  }
}

/** Of a thread whose program nobody waits for. */
const unheard: ThreadEvents = {
  began: () => {},
  part: () => {},
  ended: () => {},
  answered: () => {},
  paused: () => {},
  died: () => {},
};
