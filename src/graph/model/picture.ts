import type { GraphNode } from "../../trace/queries";
import { collapseModules } from "./collapse";
import { foldRepeats } from "./fold";
import { withSaved } from "./saved";
import { type View, viewOf } from "./view";

/** What the reader chose to see of a graph. */
export interface Choices {
  /** Paths of modules drawn as one box. */
  collapsed: ReadonlySet<string>;
  /** Whether repeated steps are drawn as one, and keys of those that are not. */
  folds: boolean;
  unfolded: ReadonlySet<string>;
  saved: boolean;
}

/** The boxes and arrows to draw. */
export function pictureOf(nodes: readonly GraphNode[], choices: Choices): View {
  const whole = viewOf(nodes);
  const detailed = choices.saved ? withSaved(whole, nodes) : whole;
  const collapsed = collapseModules(detailed, choices.collapsed);
  return choices.folds ? foldRepeats(collapsed, choices.unfolded) : collapsed;
}
