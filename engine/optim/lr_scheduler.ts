import * as lr_scheduler from "./schedulers/all";

export * from "./schedulers/all";
export default lr_scheduler;
