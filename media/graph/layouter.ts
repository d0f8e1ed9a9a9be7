import type { Layout, LayoutInput } from "../../src/graph/model/layout";

/** Lays graphs out in a worker, so that the page stays alive. Only the newest is wanted: older ones are given up. */
export class Layouter {
  private readonly script: Promise<string>;
  private worker: Worker | null = null;
  private isBusy = false;
  private asked = 0;

  constructor(address: string) {
    this.script = fetch(address)
      .then((response) => response.blob())
      .then((blob) => URL.createObjectURL(new Blob([blob], { type: "text/javascript" })));
  }

  /** The places; null if another layout was asked for in the meantime. */
  async layout(input: LayoutInput): Promise<Layout | null> {
    const id = ++this.asked;
    const script = await this.script;
    if (id !== this.asked) return null;
    if (this.isBusy) this.worker?.terminate();
    if (this.isBusy || this.worker === null) this.worker = new Worker(script);
    this.isBusy = true;
    const { worker } = this;
    return new Promise((resolve, reject) => {
      worker.onerror = ({ message }) => {
        this.isBusy = false;
        reject(new Error(message));
      };
      worker.onmessage = ({ data }: MessageEvent<{ id: number; layout: Layout }>) => {
        this.isBusy = false;
        resolve(data.id === this.asked ? data.layout : null);
      };
      worker.postMessage({ id, input });
    });
  }
}
