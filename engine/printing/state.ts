import { changePrintOptions, defaultPrintOptions, type PrintOptionChanges } from "./options";

/** The options in force for every tensor printed. */
export const printOptions = { current: defaultPrintOptions };

/** How tensors are printed from now on. Source: torch.set_printoptions. */
export function set_printoptions(changes: PrintOptionChanges): void {
  printOptions.current = changePrintOptions(printOptions.current, changes);
}
